import { mapObjects } from '../../runs/map-objects.ts'
import type { RunProgress } from '../../runs/progress.ts'
import { getOutcome } from '../../runs/result.ts'
import { getJson, RESUME } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { candidatesSchema, comparisonSchema } from './comparison.ts'
import { denseNasKeys } from './keys.ts'

/** Counts the trainings of the comparison; the best is the network that was found. */
export async function denseNasProgress(store: ObjectStore, run: string): Promise<RunProgress> {
  const keys = denseNasKeys(run)
  const candidates = await getJson(store, keys.candidates, candidatesSchema)
  const comparison = await getJson(store, keys.comparison, comparisonSchema, RESUME)
  const trials = (candidates?.contenders ?? []).flatMap((candidate) => candidate.trials)
  const results = await mapObjects(trials, ({ trial }) => getOutcome(store, run, trial))
  return {
    completed: results.filter((result) => result !== undefined).length,
    failed: results.filter((result) => result?.status === 'failed').length,
    best: comparison?.winner.score ?? null,
  }
}
