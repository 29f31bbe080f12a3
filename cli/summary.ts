import { contracts } from '../nas/pipelines/index.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { readLedger, type Totals, totalsByJob } from '../nas/runs/ledger.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { summarySchema } from '../nas/runs/summary.ts'
import { RESUME, requireJson } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { duration, usd } from '../report/format.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { Row } from './pipelines/pipeline.ts'

/** How a finished run ended, in a few lines: what was found, what it cost, and where it is. */
export async function describeRun(store: ObjectStore, { run, config }: RunRecord): Promise<string> {
  const keys = runKeys(run)
  const { hours, spent } = await requireJson(
    store,
    keys.summary,
    summarySchema,
    `trellis resume ${run}`,
    RESUME,
  )
  const found = await pipelineOf(config).describe(store, run)
  const ofJobs = totalsByJob(await readLedger(store, run), contracts.of(config.pipeline).jobs)
  const byJob = (show: (totals: Totals) => string) =>
    ofJobs.map(([job, totals]) => `${job} ${show(totals)}`).join(', ')
  const rows: readonly Row[] = [
    ...found.rows,
    [
      'time',
      `${duration(hours * 3600)} by the clock; of jobs: ${byJob(({ gpuHours }) => duration(gpuHours * 3600))}`,
    ],
    ['cost', spent.usd === 0 ? usd(0) : `${usd(spent.usd)}: ${byJob((job) => usd(job.usd))}`],
    ['report', `${store.location}/${keys.report}`],
    ['model', `${store.location}/${keys.decoded('model.onnx')}`],
  ]
  return [
    `Run ${run} is finished: ${found.title}`,
    ...rows.map(([label, text]) => `  ${label.padEnd(8)}${text}`),
  ].join('\n')
}
