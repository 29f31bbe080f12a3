import { contracts } from '../nas/pipelines/index.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { readLedger, type Totals, totalsByJob } from '../nas/runs/ledger.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { type Summary, summarySchema } from '../nas/runs/summary.ts'
import { RESUME, requireJson } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { duration, usd } from '../report/format.ts'
import { printJson, summaryJson } from './json.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { Row } from './pipelines/pipeline.ts'

export interface Printing {
  /** One JSON object on standard output, and what else there is to say on standard error. */
  readonly json?: boolean | undefined
}

/** Says something beside the result. */
export const announce = (text: string, { json }: Printing): void =>
  json ? console.error(text) : console.log(text)

/**
 * Prints how a finished run ended: what was found, what it cost, and where it is.
 * @param more members of the JSON object
 */
export async function printRun(
  store: ObjectStore,
  record: RunRecord,
  { json }: Printing,
  more: object = {},
): Promise<void> {
  if (!json) return console.log(await describeRun(store, record))
  const summary = await summaryOf(store, record.run)
  printJson(summaryJson, {
    ...summary,
    pipeline: record.config.pipeline,
    ...filesOf(store, record.run),
    ...more,
  })
}

const summaryOf = (store: ObjectStore, run: string): Promise<Summary> =>
  requireJson(store, runKeys(run).summary, summarySchema, `trellis resume ${run}`, RESUME)

const filesOf = ({ location }: ObjectStore, run: string) => ({
  report: `${location}/${runKeys(run).report}`,
  model: `${location}/${runKeys(run).decoded('model.onnx')}`,
})

/** How a finished run ended, in a few lines. */
export async function describeRun(store: ObjectStore, { run, config }: RunRecord): Promise<string> {
  const { hours, spent } = await summaryOf(store, run)
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
    ...Object.entries(filesOf(store, run)),
  ]
  const width = 2 + Math.max(6, ...rows.map(([label]) => label.length))
  return [
    `Run ${run} is finished: ${found.title}`,
    ...rows.map(([label, text]) => `  ${label.padEnd(width)}${text}`),
  ].join('\n')
}
