import { drawReport } from '../functions/draw-report.ts'
import { runKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { findRun, type RunOptions, runArguments } from './find-run.ts'
import { printJson, reportJson } from './json.ts'
import { runsHere, standingOf } from './standing.ts'

export interface ReportOptions extends RunOptions {
  readonly json?: boolean
}

/** Writes the report of a run as it is now, and prints where it is. */
export async function report(name: string, options: ReportOptions): Promise<void> {
  const { store, record } = await findRun(name, options)
  const isRunning = await runsHere(store, record.run)
  const again = `trellis resume ${runArguments(record.run, options)}`
  await writeReport(store, record, { isRunning, again, json: options.json })
}

/** @param again the command that goes on with the run */
export async function writeReport(
  store: ObjectStore,
  record: RunRecord,
  {
    isRunning,
    again,
    json = false,
  }: { readonly isRunning: boolean; readonly again: string; readonly json?: boolean | undefined },
): Promise<void> {
  const { run } = record
  const standing = await standingOf(store, record, isRunning, again)
  const key = runKeys(run).report
  await store.put(key, new TextEncoder().encode(await drawReport(store, run, standing)))
  const report = `${store.location}/${key}`
  if (json)
    printJson(reportJson, { run, report, interrupted: standing?.status === 'interrupted' ? again : null })
  else console.log(report)
  if (standing?.status === 'interrupted' && !json)
    console.error(`run ${run} is interrupted, ${standing.where}; go on with: ${again}`)
}
