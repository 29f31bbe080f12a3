import { contentHash } from '../../../nas/hash.ts'
import type { ComparedNetwork, Comparison } from '../../../nas/pipelines/densenas/comparison.ts'
import { denseNasConfigSchema } from '../../../nas/pipelines/densenas/config.ts'
import type { Derived } from '../../../nas/pipelines/densenas/derived.ts'
import { random } from '../../../nas/random.ts'
import { CONTRACT } from '../../../nas/runs/contract.ts'
import type { LedgerEntry } from '../../../nas/runs/ledger.ts'
import { costOf, genotypeOf, sampleArchitecture } from '../../../nas/spaces/densenas/architecture.ts'
import { derive } from '../../../nas/spaces/densenas/decode.ts'
import { chainedCost } from '../../../nas/spaces/densenas/expected-cost.ts'
import type { DenseNasGenotype } from '../../../nas/spaces/densenas/genotype.ts'
import { toNetConfig } from '../../../nas/spaces/densenas/net-config.ts'
import { multiplyAddsTable } from '../../../nas/spaces/densenas/operation-graphs.ts'
import { DENSENAS_SPACES } from '../../../nas/spaces/densenas/presets.ts'
import { type ArchitectureParameters, relax } from '../../../nas/spaces/densenas/relaxation.ts'
import { supernetHistorySchema } from '../../../nas/spaces/densenas/search/history.ts'
import { blocksOf, type DenseNasSpace } from '../../../nas/spaces/densenas/space.ts'
import type { DenseNasReportData, Search } from '../../../report/densenas/data.ts'
import { partsOf } from '../../../report/densenas/parts.ts'

const START = Date.UTC(2026, 10, 22, 8, 30)
const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']

/** Of ten images of each class, eight are found and two taken for the next class. */
const CONFUSION = CLASSES.map((_, label) =>
  CLASSES.map((_, prediction) =>
    label === prediction ? 8 : (label + 1) % CLASSES.length === prediction ? 2 : 0,
  ),
)

interface SampleSearch {
  readonly preset: keyof typeof DENSENAS_SPACES
  readonly epochs: number
  readonly image: number
  /** How far parameters drift over the whole search, in units of a random preference. */
  readonly drift?: number
}

export const CIFAR: SampleSearch = { preset: 'densenas-cifar', epochs: 30, image: 32 }

/** The epochs and the space of the paper's second edition (CVPR 2020). */
export const IMAGENET: SampleSearch = { preset: 'densenas-mobilenet-v2', epochs: 150, image: 224 }

const known = new Map<SampleSearch, DenseNasReportData>()

/** A finished run with everything that a report can show. */
export function sample(settings = CIFAR, changes: Partial<DenseNasReportData> = {}): DenseNasReportData {
  const whole = known.get(settings) ?? sampleOf(settings)
  known.set(settings, whole)
  return { ...whole, ...changes }
}

function sampleOf(settings: SampleSearch): DenseNasReportData {
  const { preset, epochs, image } = settings
  const config = denseNasConfigSchema.parse({
    pipeline: 'densenas',
    image,
    dataset: { kind: 'class-folders', path: 'data/cifar10' },
    space: { preset },
    search: { epochs, cost: { kind: 'multiply-adds' } },
    retrain: { seeds: [0, 1] },
  })
  const search = searchOf(settings, config.search.architectureFrom)
  return {
    record: {
      run: 'densenas-20261122-cifar10',
      config,
      dataset: { fingerprint: contentHash('cifar10'), classes: CLASSES, train: 25_000, validation: 10_000 },
      code: '0.1.0',
      contract: CONTRACT,
      startedAt: START,
    },
    end: { status: 'succeeded', stopped: null },
    search,
    latencies: undefined,
    comparison: comparisonOf(search.derived, settings),
    notes: { warnings: [] },
    confusion: CONFUSION,
    ledger: LEDGER,
  }
}

function searchOf({ preset, epochs, image, drift = 3 }: SampleSearch, architectureFrom: number): Search {
  const space: DenseNasSpace = DENSENAS_SPACES[preset]
  const table = multiplyAddsTable(space, { image, classes: CLASSES.length })
  const phases = Array.from({ length: epochs }, (_, epoch) =>
    epoch >= architectureFrom && (epoch - architectureFrom) % 2 === 0 ? 'architecture' : 'weights',
  )
  const last = phases.lastIndexOf('architecture')
  const preferences = preferencesOf(space)
  const at = (epoch: number) =>
    scaled(preferences, (drift * Math.max(0, epoch + 1 - architectureFrom)) / (last + 1 - architectureFrom))
  const found = derive(space, at(last))
  const genotype = genotypeOf(space, found.architecture)
  return {
    derived: {
      trial: contentHash('supernet'),
      genotype,
      netConfig: toNetConfig(genotype),
      path: found.architecture.path,
      probability: found.probability,
      cost: { unit: 'multiply-adds', value: costOf(space, found.architecture, table) },
    },
    relaxation: relax(at(last)),
    score: 0.6312,
    epochs: supernetHistorySchema.parse({
      epochs: phases.map((phase, epoch) => {
        const { paths, ...operations } = relax(at(epoch))
        const wobble = 0.02 * random(5, 'loss', epoch).normal()
        return {
          epoch,
          phase,
          loss: 0.9 + 1.4 * Math.exp((-3 * epoch) / epochs) + wobble + (phase === 'architecture' ? 0.12 : 0),
          accuracy: 0.72 - 0.5 * Math.exp((-3 * epoch) / epochs) - wobble / 4,
          cost: chainedCost(space, relax(at(epoch)), table),
          ...(phase === 'architecture' && { paths, operations }),
        }
      }),
    }).epochs,
  }
}

/** Where parameters drift to. */
function preferencesOf(space: DenseNasSpace): ArchitectureParameters {
  const blocks = blocksOf(space)
  const rng = random(2, 'preferences')
  const drawn = (length: number) => Array.from({ length }, () => rng.normal())
  const candidates = space.operations.length
  const end = blocks.length - 1
  return {
    beta: blocks.map(({ outputs }) => drawn(outputs.length)),
    head: blocks.map(({ inputs }, i) => inputs.map(() => drawn(i === end ? 1 : candidates))),
    stack: blocks.map(({ layers }) => Array.from({ length: layers }, () => drawn(candidates + 1))),
  }
}

function scaled({ beta, head, stack }: ArchitectureParameters, by: number): ArchitectureParameters {
  const times = (values: readonly number[]) => values.map((value) => value * by)
  return {
    beta: beta.map(times),
    head: head.map((inputs) => inputs.map(times)),
    stack: stack.map((layers) => layers.map(times)),
  }
}

function comparisonOf(
  { genotype, cost: { value: cost } }: Derived,
  { preset, image }: SampleSearch,
): Comparison {
  const space: DenseNasSpace = DENSENAS_SPACES[preset]
  const table = multiplyAddsTable(space, { image, classes: CLASSES.length })
  const equal = Array.from({ length: 400 }, (_, i) =>
    sampleArchitecture(space, random(3, 'baseline', i)),
  ).filter((architecture) => Math.abs(costOf(space, architecture, table) / cost - 1) < 0.1)
  const drawn = [0.7391, 0.7304, 0.7418, 0.7227, 0.7352].map((score, i) =>
    compared('random', score, genotypeOf(space, equal[i % equal.length]!), image),
  )
  const derived = compared('derived', 0.7564, genotype, image)
  return {
    contenders: [derived, ...drawn, { ...compared('mobilenet-v2', 0.7519, genotype, image) }],
    winner: {
      trial: derived.trials[1]!.trial,
      genotype,
      score: derived.score!,
      top5: derived.top5!,
      parameters: derived.parameters!,
      multiplyAdds: derived.multiplyAdds,
    },
  }
}

/** A network that was trained with two seeds. MobileNetV2 has the size of `genotype`. */
export function compared(
  role: ComparedNetwork['role'],
  score: number,
  genotype: DenseNasGenotype,
  image = 32,
  spread = 0.0022,
): ComparedNetwork {
  const parts = partsOf(genotype, { image, classes: CLASSES.length })
  const sum = (of: 'parameters' | 'multiplyAdds') => parts.reduce((total, part) => total + part[of], 0)
  return {
    role,
    network:
      role === 'mobilenet-v2'
        ? { kind: 'mobilenet-v2', width: 0.83, stride: 8 }
        : { kind: 'densenas', genotype },
    multiplyAdds: sum('multiplyAdds'),
    score,
    top5: 1 - (1 - score) / 9,
    parameters: sum('parameters'),
    trials: [-spread, spread].map((offset, seed) => ({
      seed,
      trial: contentHash([role, score, seed]),
      score: score + offset,
    })),
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
  entry('latency', 0, 0, 4),
  entry('supernet', 0, 5, 21, 'interrupted'),
  entry('supernet', 1, 27, 40),
  ...Array.from({ length: 14 }, (_, i) => entry('classifier', i, 68 + Math.floor(i / 4) * 13, 12)),
]
