import { contentHash } from '../../../nas/hash.ts'
import type { ComparedDetector, Comparison } from '../../../nas/pipelines/auto-fpn/comparison.ts'
import {
  type AutoFpnConfig,
  autoFpnConfigSchema,
  dimensionsOf,
  type Module,
  modulesOf,
} from '../../../nas/pipelines/auto-fpn/config.ts'
import { countsOf } from '../../../nas/pipelines/auto-fpn/network.ts'
import { spaceOf } from '../../../nas/pipelines/auto-fpn/run.ts'
import { random } from '../../../nas/random.ts'
import { CONTRACT } from '../../../nas/runs/contract.ts'
import type { LedgerEntry } from '../../../nas/runs/ledger.ts'
import type { ArchitectureParameters } from '../../../nas/spaces/auto-fpn/architecture-parameters.ts'
import { decode } from '../../../nas/spaces/auto-fpn/architecture-parameters.ts'
import type { AutoFpnGenotype } from '../../../nas/spaces/auto-fpn/genotype.ts'
import { CELL_LINKS, layerLinks } from '../../../nas/spaces/auto-fpn/links.ts'
import { entryOf } from '../../../nas/spaces/auto-fpn/search/history.ts'
import type { Detected } from '../../../nas/tasks/detection.ts'
import type { AutoFpnReportData, ModuleSearch } from '../../../report/auto-fpn/data.ts'
import { PIXEL } from '../dpc/sample.ts'

const START = Date.UTC(2026, 10, 27, 8, 30)
export const CLASSES = ['car', 'person', 'sign', 'street light']

interface SampleRun {
  readonly modules?: AutoFpnConfig['search']['modules']
  readonly snas?: boolean
  readonly evolution?: boolean
  /** How far architecture parameters drift over a search, in units of a random preference. */
  readonly drift?: number
}

/** A finished run with everything that a report can show. */
export function sample(run: SampleRun = {}, changes: Partial<AutoFpnReportData> = {}): AutoFpnReportData {
  const config = autoFpnConfigSchema.parse({
    pipeline: 'auto-fpn',
    dataset: { kind: 'street', images: 320, validation: 96, test: 48, height: 128, width: 256 },
    search: { modules: run.modules },
    retrain: { seeds: [0, 1] },
    baselines: { snas: run.snas, ...(run.evolution && { evolution: {} }) },
  })
  const searches = searchesOf(config, run)
  return {
    record: {
      run: 'auto-fpn-20261127-street',
      config,
      dataset: {
        fingerprint: contentHash('street'),
        classes: CLASSES,
        train: 320,
        validation: 96,
        test: 48,
      },
      code: '0.1.0',
      contract: CONTRACT,
      startedAt: START,
    },
    end: { status: 'succeeded', stopped: null },
    notes: { warnings: [] },
    searches,
    evolution: config.baselines.evolution ? evolved(config) : [],
    comparison: comparisonOf(config, searches),
    winner: {
      detected: detectedWith(0.3412),
      fpn: detectedWith(0.3267),
      pictures: [PIXEL, PIXEL],
    },
    ledger: LEDGER,
    ...changes,
  }
}

function searchesOf(config: AutoFpnConfig, { drift = 3 }: SampleRun): readonly ModuleSearch[] {
  const methods = config.baselines.snas ? (['softmax', 'snas'] as const) : (['softmax'] as const)
  const before: Partial<Record<string, AutoFpnGenotype>> = {}
  return modulesOf(config).map((module) => ({
    module,
    found: methods.map((method) => {
      const { genotype, history } = searchOf(config, module, method, drift)
      before[method] = { ...before[method], ...genotype }
      return {
        method,
        trial: contentHash([module, method]),
        genotype: before[method],
        score: module === 'neck' ? 0.2113 : 0.2341,
        history,
      }
    }),
    failed: [],
  }))
}

/** The second could not be trained, the fourth is the best. */
const evolved = (config: AutoFpnConfig): AutoFpnReportData['evolution'] =>
  [0.11, null, 0.13, 0.21, 0.17].map((score, i) => {
    const genotype = spaceOf({ config }).sample(random(4, 'evolved', i))
    const trial = contentHash(['evolved', i])
    return score === null ? { trial, genotype, reason: 'diverged' } : { trial, genotype, score }
  })

const ENTRIES = 20

function searchOf(config: AutoFpnConfig, module: Module, method: string, drift: number) {
  const { steps } = config.search
  const space = dimensionsOf(config, [module])
  const rng = random(2, 'preferences', module, method)
  const rows = (layers: number, links: number) =>
    Array.from({ length: layers }, () =>
      Array.from({ length: links }, () => Array.from({ length: 8 }, () => rng.normal())),
    )
  const preferences: ArchitectureParameters = {
    alpha: rows(space.neck?.layers ?? 0, layerLinks(4).length),
    beta: rows(space.head?.cells ?? 0, CELL_LINKS.length),
  }
  const history = Array.from({ length: ENTRIES }, (_, i) => {
    const part = (i + 1) / ENTRIES
    const by = drift * Math.max(0, part - 1 / 3)
    return entryOf({
      step: Math.round(part * steps),
      loss: 0.6 + 0.9 * Math.exp(-3 * part) + 0.03 * random(5, module, method, i).normal(),
      cost: 1.1 - 0.5 * part * (method === 'snas' ? 0.6 : 1),
      parameters: scaled(preferences, by),
    })
  })
  return { genotype: decode(space, preferences), history }
}

const scaled = ({ alpha, beta }: ArchitectureParameters, by: number): ArchitectureParameters => {
  const times = (each: ArchitectureParameters['alpha']) =>
    each.map((links) => links.map((link) => link.map((value) => value * by)))
  return { alpha: times(alpha), beta: times(beta) }
}

function comparisonOf(config: AutoFpnConfig, searches: readonly ModuleSearch[]): Comparison {
  const [softmax, snas] = searches.at(-1)!.found
  const found = compared(config, 'found', 0.3412, softmax!.genotype)
  const space = spaceOf({ config })
  const { genotype, ap50, parameters, ...figures } = found
  return {
    contenders: [
      found,
      compared(config, 'fpn', 0.3267, null),
      ...(snas ? [compared(config, 'snas', 0.3301, snas.genotype)] : []),
      ...(config.baselines.evolution
        ? [compared(config, 'evolution', 0.3388, evolved(config)[3]!.genotype)]
        : []),
      ...[0.3144, 0.3082].map((score, i) =>
        compared(config, 'random', score, space.sample(random(3, 'random', i))),
      ),
    ],
    winner: {
      trial: found.trials[1]!.trial,
      genotype: genotype!,
      ap50: ap50!,
      parameters: parameters!,
      score: figures.score!,
      neck: figures.neck,
      head: figures.head,
      multiplyAdds: figures.multiplyAdds,
      test: figures.test,
    },
    leads: [
      { role: 'fpn', networks: 1, lead: { value: 0.0131, low: 0.0012, high: 0.0255 } },
      { role: 'random', networks: 2, lead: { value: 0.0289, low: 0.0121, high: 0.0467 } },
      ...(snas ? [{ role: 'snas', networks: 1, lead: { value: 0.0104, low: 0.0003, high: 0.0214 } }] : []),
    ],
  }
}

/** A detector that was trained with two seeds. */
export function compared(
  config: AutoFpnConfig,
  role: ComparedDetector['role'],
  score: number,
  genotype: AutoFpnGenotype | null,
): ComparedDetector {
  const { backbone, detector, image } = config
  const sizes = {
    image,
    detector,
    classes: CLASSES.length,
    backbone: { network: backbone.network, width: backbone.width, weights: '' },
  }
  const counts = countsOf(sizes, genotype)
  return {
    role,
    genotype,
    ...counts,
    score,
    ap50: score * 1.72,
    parameters: 1_811_712 + counts.neck + counts.head,
    trials: [-0.0031, 0.0031].map((offset, seed) => ({
      seed,
      trial: contentHash([role, score, seed]),
      score: score + offset,
    })),
    test: { score: score - 0.011, low: score - 0.034, high: score + 0.012, images: 48 },
  }
}

/** The result of a training. The last class is in no validation image. */
export function detectedWith(score: number): Detected {
  const ofClass = (ap: number) => ({
    ap,
    ap50: Math.min(1, ap * 1.7),
    precision: Array.from({ length: 21 }, (_, i) =>
      Number(Math.max(0, 1 - (i / 20) ** (1 + 4 * ap)).toFixed(4)),
    ),
  })
  return {
    status: 'succeeded',
    score,
    ap50: score * 1.72,
    ap75: score * 0.92,
    bySize: { small: score * 0.58, medium: score * 1.3, large: null },
    classes: [ofClass(score * 1.5), ofClass(score * 0.9), ofClass(score * 0.6), null],
    loss: 0.6,
    parameters: 1,
    multiplyAdds: 1,
  }
}

const entry = (
  job: LedgerEntry['job'],
  i: number,
  minute: number,
  minutes: number,
  outcome: LedgerEntry['outcome'] = 'succeeded',
): LedgerEntry => ({
  job,
  jobId: `${job}-${i}`,
  attempt: 1,
  trials: 1,
  card: 't4',
  usdPerHour: 0.366,
  basis: 'one g4dn.xlarge, spot',
  startedAt: START + minute * 60_000,
  seenAt: START + (minute + minutes) * 60_000,
  outcome,
})

const LEDGER = [
  entry('backbone', 0, 0, 12),
  entry('features', 0, 13, 3),
  entry('neck', 0, 17, 9, 'interrupted'),
  entry('neck', 1, 27, 14),
  entry('head', 0, 42, 19),
  ...Array.from({ length: 8 }, (_, i) => entry('detector', i, 62 + Math.floor(i / 4) * 11, 10)),
]
