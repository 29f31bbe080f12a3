import { runKeys } from '../nas/runs/keys.ts'
import { readLedger, type Totals, totalsByJob } from '../nas/runs/ledger.ts'
import { type Rerank, rerankSchema } from '../nas/runs/rerank.ts'
import type { RunRecord } from '../nas/runs/run.ts'
import { type Summary, summarySchema } from '../nas/runs/summary.ts'
import { requireJson } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { cellInWords } from '../report/dpc/cell.ts'
import { counted, difference, duration, large, ordinal, percent, usd } from '../report/format.ts'

/** How a finished run ended, in a few lines: what was found, what it cost, and where it is. */
export async function describeRun(store: ObjectStore, { run }: RunRecord): Promise<string> {
  const keys = runKeys(run)
  const fix = `trellis resume ${run}`
  const summary = await requireJson(store, keys.summary, summarySchema, fix)
  const rerank = await requireJson(store, keys.rerank, rerankSchema, fix)
  const spent = totalsByJob(await readLedger(store, run))
  const byJob = (show: (totals: Totals) => string) =>
    Object.entries(spent)
      .map(([job, totals]) => `${job} ${show(totals)}`)
      .join(', ')
  const rows = [
    ...winnerRows(summary),
    ['proxy', correlationOf(rerank)],
    [
      'time',
      `${duration(summary.hours * 3600)} by the clock; of jobs: ${byJob(({ gpuHours }) => duration(gpuHours * 3600))}`,
    ],
    ['cost', summary.spent.usd === 0 ? usd(0) : `${usd(summary.spent.usd)}: ${byJob((job) => usd(job.usd))}`],
    ['report', `${store.location}/${keys.report}`],
    ['model', `${store.location}/${keys.decoded('model.onnx')}`],
  ]
  return [
    `Run ${run} is finished: ${triedOf(summary)}`,
    ...rows.map(([label, text]) => `  ${label!.padEnd(8)}${text}`),
  ].join('\n')
}

const triedOf = ({ trials: { tried, failed }, stopped }: Summary): string =>
  [
    `${counted(tried, 'cell')} tried`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(stopped ? [stopped] : []),
  ].join(', ')

function winnerRows({ winner, baselines }: Summary): string[][] {
  if (winner === null) return []
  const scoresOf = (role: Baseline['role']) =>
    baselines.flatMap((baseline) =>
      baseline.role === role && baseline.score !== null ? [baseline.score] : [],
    )
  const against = (name: string, scores: readonly number[]) =>
    scores.length === 0
      ? []
      : [
          `${difference(winner.score - scores.reduce((sum, score) => sum + score, 0) / scores.length)} to ${name}`,
        ]
  const drawn = scoresOf('random')
  const randomCells = drawn.length === 1 ? 'a random cell' : `the mean of ${drawn.length} random cells`
  const { parameters, multiplyAdds, proxy } = winner
  return [
    ['winner', cellInWords(winner.genotype)],
    [
      'score',
      [
        `${percent(winner.score)} mIoU`,
        ...against('ASPP', scoresOf('aspp')),
        ...against(randomCells, drawn),
      ].join(', '),
    ],
    [
      '',
      `${ordinal(proxy.rank)} on the proxy task; ${large(parameters)} parameters, ${large(multiplyAdds)} multiply-adds`,
    ],
  ]
}

type Baseline = Summary['baselines'][number]

function correlationOf({ spearman, kendall, pairs }: Rerank): string {
  const cells = counted(pairs, 'cell')
  if (spearman === null || kendall === null) return `${cells} in full training: too few to compare ranks`
  const show = ({ value, low, high }: Interval) =>
    `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`
  return `Spearman ${show(spearman)}, Kendall ${show(kendall)} with full training, over ${cells}`
}

type Interval = NonNullable<Rerank['spearman']>
