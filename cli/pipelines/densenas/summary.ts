import { type Comparison, comparisonSchema } from '../../../nas/pipelines/densenas/comparison.ts'
import { derivedSchema } from '../../../nas/pipelines/densenas/derived.ts'
import { denseNas } from '../../../nas/pipelines/densenas/index.ts'
import { denseNasKeys } from '../../../nas/pipelines/densenas/keys.ts'
import { getLatencies, latencyKey } from '../../../nas/pipelines/densenas/latency.ts'
import type { DenseNasRun } from '../../../nas/pipelines/densenas/run.ts'
import { type DenseNasSummary, denseNasSummarySchema } from '../../../nas/pipelines/densenas/summary.ts'
import { readRunOf } from '../../../nas/pipelines/run.ts'
import { runKeys } from '../../../nas/runs/keys.ts'
import { getJson, RESUME, requireJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { margins } from '../../../report/comparison/baselines.ts'
import { onlyClassOfTrial } from '../../../report/comparison/only-class.ts'
import { baselineNetworks } from '../../../report/densenas/baselines.ts'
import { rankNetworks } from '../../../report/densenas/comparison.ts'
import { latenciesIn } from '../../../report/densenas/latency.ts'
import { counted, large, percent } from '../../../report/format.ts'
import { measurement, ms } from '../../../report/latency.ts'
import type { Description, Row } from '../pipeline.ts'
import { testRows } from '../test-rows.ts'

export async function describeDenseNas(store: ObjectStore, run: string): Promise<Description> {
  const fix = `trellis resume ${run}`
  const summary = await requireJson(store, runKeys(run).summary, denseNasSummarySchema, fix, RESUME)
  const { genotype } = await requireJson(store, denseNasKeys(run).derived, derivedSchema, fix, RESUME)
  const record = await readRunOf(store, run, denseNas)
  const comparison = await getJson(store, denseNasKeys(run).comparison, comparisonSchema)
  const onlyClass =
    comparison && onlyClassOfTrial(comparison.contenders, comparison.winner.trial, record.dataset.classes)
  const layers = genotype.blocks.reduce((sum, { stack }) => sum + 1 + stack.length, 0)
  return {
    title: [
      `a network of ${counted(genotype.blocks.length, 'block')} and ${counted(layers, 'layer')} found`,
      ...(summary.stopped === null ? [] : [summary.stopped]),
    ].join(', '),
    rows: [
      ['widths', genotype.blocks.map(({ width }) => width).join(' → ')],
      ...winnerRows(summary, comparison),
      ...(await latencyRows(store, record, comparison)),
      ...(onlyClass === undefined ? [] : [['', onlyClass] as const]),
    ],
  }
}

/** Of a search by latency. */
async function latencyRows(
  store: ObjectStore,
  record: DenseNasRun,
  comparison: Comparison | undefined,
): Promise<Row[]> {
  const key = latencyKey(record)
  const table = key === null ? undefined : await getLatencies(store, key)
  if (table === undefined) return []
  const { found, random } = comparison === undefined ? {} : latenciesIn(comparison)
  return [
    [
      'latency',
      [
        ...(found === undefined ? [] : [`${ms(found)} for ${counted(table.batch, 'image')}`]),
        ...(random === undefined ? [] : [`random paths ${ms(random)}`]),
        measurement(table),
      ].join(', '),
    ],
  ]
}

function winnerRows({ winner, leads }: DenseNasSummary, comparison: Comparison | undefined): Row[] {
  if (winner === null) return []
  const names = comparison ? baselineNetworks(comparison) : {}
  return [
    ...testRows(winner, leads, { score: 'top-1', names }),
    [
      winner.test ? 'validation' : 'score',
      [
        `${percent(winner.score)} top-1, ${percent(winner.top5)} top-5`,
        ...(comparison ? margins(rankNetworks(comparison)) : []),
      ].join(', '),
    ],
    ['', `${large(winner.parameters)} parameters, ${large(winner.multiplyAdds)} multiply-adds`],
  ]
}
