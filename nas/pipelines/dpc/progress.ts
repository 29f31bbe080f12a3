import type { RunProgress } from '../../runs/progress.ts'
import { getJson, RESUME } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { foundBy, rerankSchema } from './comparison.ts'
import { dpcKeys } from './keys.ts'
import { leaderboardOf, readLeaderboard } from './leaderboard.ts'

/** Counts trials on the proxy task; the best is one of those until the winner has been trained in full. */
export async function dpcProgress(store: ObjectStore, run: string): Promise<RunProgress> {
  const leaderboard = await readLeaderboard(store, run)
  const rerank = await getJson(store, dpcKeys(run).rerank, rerankSchema, RESUME)
  const { ranked, failed } = leaderboard ?? leaderboardOf(0, [])
  return {
    completed: ranked.length + failed.length,
    failed: failed.length,
    best: (rerank ? foundBy(rerank) : ranked[0])?.score ?? null,
  }
}
