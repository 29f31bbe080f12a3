import { runKeys } from '../../runs/keys.ts'
import { mapObjects } from '../../runs/map-objects.ts'
import { getResult } from '../../runs/result.ts'
import { getJson } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import type { Standing } from '../progress.ts'
import { comparisonSchema, rivalsSchema } from './comparison.ts'

/** Of the networks that are compared; the best is the one that was found. */
export async function denseNasStanding(store: ObjectStore, run: string): Promise<Standing> {
  const keys = runKeys(run)
  const rivals = await getJson(store, keys.rivals, rivalsSchema)
  const comparison = await getJson(store, keys.comparison, comparisonSchema)
  const trials = (rivals?.contenders ?? []).flatMap((contender) => contender.trials)
  const results = await mapObjects(trials, ({ trial }) => getResult(store, trial))
  return {
    tried: results.filter((result) => result !== undefined).length,
    failed: results.filter((result) => result?.status === 'failed').length,
    best: comparison?.winner.score ?? null,
  }
}
