import { drawReport } from '../functions/draw-report.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { findRun, type RunOptions } from './find-run.ts'

/** Writes the report of a run as it is now, and prints where it is. */
export async function report(run: string, options: RunOptions): Promise<void> {
  const { store } = await findRun(run, options)
  const key = runKeys(run).report
  await store.put(key, new TextEncoder().encode(await drawReport(store, run)))
  console.log(`${store.location}/${key}`)
}
