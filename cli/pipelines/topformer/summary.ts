import { readRunOf } from '../../../nas/pipelines/run.ts'
import { type Comparison, comparisonSchema } from '../../../nas/pipelines/topformer/comparison.ts'
import { topformer } from '../../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../../nas/pipelines/topformer/keys.ts'
import { getPartTable, latencyKey } from '../../../nas/pipelines/topformer/latency.ts'
import { pretrainSpec } from '../../../nas/pipelines/topformer/pretraining.ts'
import type { TopformerRun } from '../../../nas/pipelines/topformer/run.ts'
import { type TopformerSummary, topformerSummarySchema } from '../../../nas/pipelines/topformer/summary.ts'
import { runKeys } from '../../../nas/runs/keys.ts'
import { getResultOf } from '../../../nas/runs/result.ts'
import { trialKey } from '../../../nas/runs/trial.ts'
import { latencyOf } from '../../../nas/spaces/topformer/parts.ts'
import { getJson, RESUME, requireJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { classification } from '../../../nas/tasks/classification.ts'
import { margins } from '../../../report/comparison/baselines.ts'
import { onlyClassOfTrial } from '../../../report/comparison/only-class.ts'
import { counted, large, percent } from '../../../report/format.ts'
import { measurement, ms } from '../../../report/latency.ts'
import { baselineNetworks } from '../../../report/topformer/baselines.ts'
import { rankNetworks } from '../../../report/topformer/comparison.ts'
import type { Description, Row } from '../pipeline.ts'
import { testRows } from '../test-rows.ts'

export async function describeTopformer(store: ObjectStore, run: string): Promise<Description> {
  const summary = await requireJson(
    store,
    runKeys(run).summary,
    topformerSummarySchema,
    `trellis resume ${run}`,
    RESUME,
  )
  const record = await readRunOf(store, run, topformer)
  const comparison = await getJson(store, topformerKeys(run).comparison, comparisonSchema)
  const onlyClass =
    comparison && onlyClassOfTrial(comparison.contenders, comparison.winner.trial, record.dataset.classes)
  const { networks, front } = summary.evaluated
  return {
    title: [
      `${counted(networks, 'network')} evaluated, ${front} on the front`,
      ...(summary.stopped === null ? [] : [summary.stopped]),
    ].join(', '),
    rows: [
      ...winnerRows(summary, comparison),
      ...(onlyClass === undefined ? [] : [['', onlyClass] as const]),
      ...(await pretrainingRows(store, record)),
      ...(await latencyRows(store, record, summary)),
    ],
  }
}

/** How well the supernet tells the images apart on which it was pretrained, and where it lies. */
async function pretrainingRows(store: ObjectStore, record: TopformerRun): Promise<readonly Row[]> {
  const spec = pretrainSpec(record)
  if (spec === undefined) return []
  const trial = trialKey(spec)
  const result = await getResultOf(store, trial, classification.result)
  return result?.status === 'succeeded'
    ? [['pretrained', `${percent(result.score)} top-1 of the largest network, trial ${trial}`]]
    : []
}

/** Of a search by latency: what the network found takes by those of its parts. */
async function latencyRows(
  store: ObjectStore,
  record: TopformerRun,
  { winner }: TopformerSummary,
): Promise<readonly Row[]> {
  const key = latencyKey(record)
  const table = key === null ? undefined : await getPartTable(store, key)
  if (table === undefined || winner === null) return []
  const latency = latencyOf(winner.genotype, table)
  return [['latency', `${ms(latency)} for an image, the sum of its parts, ${measurement(table)}`]]
}

function winnerRows({ winner, leads }: TopformerSummary, comparison: Comparison | undefined): Row[] {
  if (winner === null) return []
  const { convolutions, transformers } = winner.genotype
  return [
    ['widths', convolutions.map(({ width }) => width).join(' → ')],
    ['heads', transformers.map(({ heads }) => heads).join(' → ')],
    ...testRows(winner, leads, { score: 'mIoU', names: baselineNetworks }),
    [
      winner.test ? 'validation' : 'score',
      [`${percent(winner.score)} mIoU`, ...(comparison ? margins(rankNetworks(comparison)) : [])].join(', '),
    ],
    [
      '',
      [
        `${large(winner.parameters)} parameters, ${large(winner.multiplyAdds)} multiply-adds`,
        ...(winner.inherited === null ? [] : [`${percent(winner.inherited)} with inherited weights`]),
      ].join('; '),
    ],
  ]
}
