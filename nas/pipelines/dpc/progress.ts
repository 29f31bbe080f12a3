import type { RunProgress } from '../../runs/progress.ts'
import type { ObjectStore } from '../../store/store.ts'
import { leaderboardOf, readLeaderboard } from './leaderboard.ts'

/** Counts trials on the proxy task. */
export async function dpcProgress(store: ObjectStore, run: string): Promise<RunProgress> {
  const leaderboard = await readLeaderboard(store, run)
  const { ranked, failed } = leaderboard ?? leaderboardOf(0, [])
  return {
    completed: ranked.length + failed.length,
    failed: failed.length,
    best: ranked[0]?.score ?? null,
  }
}
