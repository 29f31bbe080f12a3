import { type Rerank, rerankSchema } from '../../../nas/pipelines/dpc/comparison.ts'
import { dpcKeys } from '../../../nas/pipelines/dpc/keys.ts'
import { type DpcSummary, dpcSummarySchema } from '../../../nas/pipelines/dpc/summary.ts'
import { runKeys } from '../../../nas/runs/keys.ts'
import { FEWEST_PAIRS } from '../../../nas/runs/score-agreement.ts'
import { RESUME, requireJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { margins } from '../../../report/comparison/baselines.ts'
import { onlyClassOfTrial } from '../../../report/comparison/only-class.ts'
import { baselineCells } from '../../../report/dpc/baselines.ts'
import { BELOW_PROXY, isBelowProxy } from '../../../report/dpc/below-proxy.ts'
import { cellInWords } from '../../../report/dpc/cell.ts'
import { rankCells } from '../../../report/dpc/comparison.ts'
import { counted, large, ordinal, percent } from '../../../report/format.ts'
import type { Description, Row } from '../pipeline.ts'
import { testRows } from '../test-rows.ts'

export async function describeDpc(store: ObjectStore, run: string): Promise<Description> {
  const fix = `trellis resume ${run}`
  const summary = await requireJson(store, runKeys(run).summary, dpcSummarySchema, fix, RESUME)
  const rerank = await requireJson(store, dpcKeys(run).rerank, rerankSchema, fix, RESUME)
  const { contenders, winner, dataset } = rerank
  const onlyClass = onlyClassOfTrial(contenders, winner.trial, dataset.classes)
  return {
    title: triedOf(summary),
    rows: [
      ...winnerRows(summary, rerank),
      ...(onlyClass === undefined ? [] : [['', onlyClass] as const]),
      ['proxy', correlationOf(rerank)],
      ...(isBelowProxy(winner) ? [['', BELOW_PROXY] as const] : []),
    ],
  }
}

const triedOf = ({ trials: { tried, failed }, stopped }: DpcSummary): string =>
  [
    `${counted(tried, 'cell')} tried`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(stopped ? [stopped] : []),
  ].join(', ')

function winnerRows({ winner, leads }: DpcSummary, rerank: Rerank): Row[] {
  if (winner === null) return []
  const { parameters, multiplyAdds, proxy } = winner
  return [
    ['winner', cellInWords(winner.genotype)],
    ...testRows(winner, leads, { score: 'mIoU', names: baselineCells }),
    [
      winner.test ? 'validation' : 'score',
      [
        `${percent(winner.score)} mIoU`,
        // Of a model that is kept, this ranking has no margins.
        ...(rerank.kept === undefined ? margins(rankCells(rerank)) : []),
      ].join(', '),
    ],
    [
      '',
      `${ordinal(proxy.rank)} on the proxy task; ${large(parameters)} parameters, ${large(multiplyAdds)} multiply-adds`,
    ],
  ]
}

function correlationOf({ spearman, kendall, pairs }: Rerank): string {
  const cells = counted(pairs, 'cell')
  if (pairs < FEWEST_PAIRS) return `${cells} with both scores: too few to compare ranks`
  if (spearman === null || kendall === null) return `${cells} with both scores, in no order to compare`
  const show = ({ value, low, high }: Interval) =>
    `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`
  return `Spearman ${show(spearman)}, Kendall ${show(kendall)} with full training, over ${cells}`
}

type Interval = NonNullable<Rerank['spearman']>
