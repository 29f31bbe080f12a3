import { runKeys } from '../nas/runs/keys.ts'
import { drawReport } from '../report/report.ts'
import { findRun, type RunOptions } from './find-run.ts'

/** Writes the report of a run as it is now, and prints where it is. */
export async function report(run: string, options: RunOptions): Promise<void> {
  const { store } = await findRun(run, options)
  const key = runKeys(run).report
  await store.put(key, new TextEncoder().encode(await drawReport(store, run)))
  console.log(`${store.location}/${key}`)
}
