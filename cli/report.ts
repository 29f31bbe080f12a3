import { runKeys } from '../nas/runs/keys.ts'
import { collectReport } from '../report/collect.ts'
import { renderReport } from '../report/render.ts'
import { findRun, type RunOptions } from './find-run.ts'

/** Writes the report of a run as it is now, and prints where it is. */
export async function report(run: string, options: RunOptions): Promise<void> {
  const { store } = await findRun(run, options)
  const key = runKeys(run).report
  await store.put(key, new TextEncoder().encode(renderReport(await collectReport(store, run))))
  console.log(`${store.location}/${key}`)
}
