import { runKeys } from '../../runs/keys.ts'
import { getJson } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import type { Standing } from '../progress.ts'
import { leaderboardOf, leaderboardSchema } from './leaderboard.ts'

/** Of trials on the proxy task. */
export async function dpcStanding(store: ObjectStore, run: string): Promise<Standing> {
  const leaderboard = await getJson(store, runKeys(run).leaderboard, leaderboardSchema)
  const { ranked, failed } = leaderboard ?? leaderboardOf(0, [])
  return {
    tried: ranked.length + failed.length,
    failed: failed.length,
    best: ranked[0]?.score ?? null,
  }
}
