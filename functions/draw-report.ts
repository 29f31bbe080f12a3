import { readRun } from '../nas/pipelines/run.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { Standing } from '../report/note.ts'
import { pipelines } from './index.ts'

/**
 * The report of a run of any pipeline, in whatever state it is, as one HTML file.
 * @param standing of a run without an end
 * @throws TrellisError `not-found` where the store knows no such run
 */
export async function drawReport(store: ObjectStore, run: string, standing?: Standing): Promise<string> {
  const { config } = await readRun(store, run)
  return pipelines.of(config.pipeline).report(store, run, standing)
}
