import { runKeys } from '../runs/keys.ts'
import { getJson } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import type { PipelineName } from './config.ts'
import { denseNasStanding } from './densenas/progress.ts'
import { dpcStanding } from './dpc/progress.ts'
import { runRecordSchema } from './run.ts'

/** How far a run has got, in figures that those of all pipelines have. */
export interface Standing {
  /** Trials with a result. */
  readonly tried: number
  /** Of these. */
  readonly failed: number
  /** What is shown for the score of the run; null before there is one. */
  readonly best: number | null
}

const STANDINGS: Readonly<Record<PipelineName, (store: ObjectStore, run: string) => Promise<Standing>>> = {
  dpc: dpcStanding,
  densenas: denseNasStanding,
}

/** Of a run that the store does not know, nothing. */
export async function standingOf(store: ObjectStore, run: string): Promise<Standing> {
  const record = await getJson(store, runKeys(run).config, runRecordSchema)
  if (record === undefined) return { tried: 0, failed: 0, best: null }
  return STANDINGS[record.config.pipeline](store, run)
}
