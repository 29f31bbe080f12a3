import { runKeys } from '../runs/keys.ts'
import type { RunProgress } from '../runs/progress.ts'
import { getJson } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { contracts } from './index.ts'
import { runRecordSchema, UNKNOWN } from './run.ts'

/** How far a run has got; nothing, for a run that the store does not know. */
export async function progressOf(store: ObjectStore, run: string): Promise<RunProgress> {
  const record = await getJson(store, runKeys(run).config, runRecordSchema, UNKNOWN)
  if (record === undefined) return { completed: 0, failed: 0, best: null }
  return contracts.of(record.config.pipeline).progress(store, run)
}
