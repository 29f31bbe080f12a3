import type { RunProgress } from '../../runs/progress.ts'
import { getJson, RESUME } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { dpcKeys } from './keys.ts'
import { leaderboardOf, leaderboardSchema } from './leaderboard.ts'

/** Counts trials on the proxy task. */
export async function dpcProgress(store: ObjectStore, run: string): Promise<RunProgress> {
  const leaderboard = await getJson(store, dpcKeys(run).leaderboard, leaderboardSchema, RESUME)
  const { ranked, failed } = leaderboard ?? leaderboardOf(0, [])
  return {
    completed: ranked.length + failed.length,
    failed: failed.length,
    best: ranked[0]?.score ?? null,
  }
}
