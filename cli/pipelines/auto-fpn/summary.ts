import { type Comparison, comparisonSchema } from '../../../nas/pipelines/auto-fpn/comparison.ts'
import { type Module, modulesOf } from '../../../nas/pipelines/auto-fpn/config.ts'
import { derivedSchema } from '../../../nas/pipelines/auto-fpn/derived.ts'
import { autoFpn } from '../../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../../nas/pipelines/auto-fpn/keys.ts'
import { originOf } from '../../../nas/pipelines/auto-fpn/origin.ts'
import { type AutoFpnSummary, autoFpnSummarySchema } from '../../../nas/pipelines/auto-fpn/summary.ts'
import { readRunOf } from '../../../nas/pipelines/run.ts'
import { runKeys } from '../../../nas/runs/keys.ts'
import { type LedgerEntry, readLedger } from '../../../nas/runs/ledger.ts'
import type { AutoFpnGenotype } from '../../../nas/spaces/auto-fpn/genotype.ts'
import { getJson, RESUME, requireJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { baselineDetectors } from '../../../report/auto-fpn/baselines.ts'
import { rankDetectors } from '../../../report/auto-fpn/comparison.ts'
import { notCompared } from '../../../report/auto-fpn/methods.ts'
import { searchTimes } from '../../../report/auto-fpn/statistics.ts'
import { margins } from '../../../report/comparison/baselines.ts'
import { counted, duration, large, percent } from '../../../report/format.ts'
import type { Description, Row } from '../pipeline.ts'
import { testRows } from '../test-rows.ts'

export async function describeAutoFpn(store: ObjectStore, run: string): Promise<Description> {
  const fix = `trellis resume ${run}`
  const summary = await requireJson(store, runKeys(run).summary, autoFpnSummarySchema, fix, RESUME)
  const { config } = await readRunOf(store, run, autoFpn)
  const { search } = config
  const comparison = await getJson(store, autoFpnKeys(run).comparison, comparisonSchema)
  return {
    title: [
      `${inWords(summary.winner?.genotype)} ${search.genotype === undefined ? 'found' : `taken from ${originOf(search.genotype)}`}`,
      ...(summary.stopped === null ? [] : [summary.stopped]),
    ].join(', '),
    rows: [
      ...winnerRows(summary, comparison),
      ...(await failedRows(store, run, modulesOf(config))),
      ...evolutionRows(summary, await readLedger(store, run)),
    ],
  }
}

/** 'a neck of 2 layers and a head of 2 cells'. */
function inWords({ neck, head }: Partial<AutoFpnGenotype> = {}): string {
  const parts = [
    ...(neck ? [`a neck of ${counted(neck.layers.length, 'layer')}`] : []),
    ...(head ? [`a head of ${counted(head.cells.length, 'cell')}`] : []),
  ]
  return parts.length === 0 ? 'a detector' : parts.join(' and ')
}

function winnerRows({ winner, leads }: AutoFpnSummary, comparison: Comparison | undefined): readonly Row[] {
  if (winner === null) return []
  const fpn = comparison?.contenders.find(({ role }) => role === 'fpn')
  const searched = winner.neck + winner.head
  return [
    ...testRows(winner, leads, { score: 'AP', names: baselineDetectors }),
    [
      winner.test ? 'validation' : 'score',
      [
        `${percent(winner.score)} AP, ${percent(winner.ap50)} AP50`,
        ...(comparison ? margins(rankDetectors(comparison)) : []),
      ].join(', '),
    ],
    [
      '',
      `neck and head ${large(searched)} parameters${fpn === undefined ? '' : `, FPN's ${large(fpn.neck + fpn.head)} (${fewer(searched, fpn.neck + fpn.head)})`}; ${large(winner.parameters)} in all, ${large(winner.multiplyAdds)} multiply-adds`,
    ],
  ]
}

/** Of baselines whose searches failed, and which are therefore not beside what was found. */
async function failedRows(
  store: ObjectStore,
  run: string,
  modules: readonly Module[],
): Promise<readonly Row[]> {
  const rows = modules.map(async (module): Promise<readonly Row[]> => {
    const derived = await getJson(store, autoFpnKeys(run).derived(module), derivedSchema)
    return (derived?.failed ?? []).map((search) => ['', notCompared(module, search)])
  })
  return (await Promise.all(rows)).flat()
}

/** What the evolutionary baseline took, beside the searches. */
function evolutionRows({ evolution }: AutoFpnSummary, ledger: readonly LedgerEntry[]): readonly Row[] {
  if (evolution === undefined) return []
  const { detectors, failed, best, stopped } = evolution
  const { evolved, searched } = searchTimes(ledger)
  return [
    [
      'evolution',
      [
        `${counted(detectors, 'detector')}, the best ${percent(best)} AP after its early stop`,
        ...(failed > 0 ? [`${failed} failed`] : []),
        ...(stopped === null ? [] : [stopped]),
        `${duration(evolved)} of machine time against ${duration(searched)} of the searches by gradient`,
      ].join(', '),
    ],
  ]
}

const fewer = (mine: number, theirs: number): string => {
  const part = Math.round(100 * (1 - mine / theirs))
  return part >= 0 ? `${part} % fewer` : `${-part} % more`
}
