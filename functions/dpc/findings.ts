import { foundBy, rerankSchema } from '../../nas/pipelines/dpc/comparison.ts'
import { dpcKeys } from '../../nas/pipelines/dpc/keys.ts'
import {
  type Leaderboard,
  leaderboardOf,
  leaderboardSchema,
  readLeaderboard,
} from '../../nas/pipelines/dpc/leaderboard.ts'
import type { DpcSummary } from '../../nas/pipelines/dpc/summary.ts'
import { stopDecisionSchema } from '../../nas/runs/stop-decision.ts'
import { getJson, getSound, jsonBytes, RESUME } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

export async function findings(
  store: ObjectStore,
  run: string,
): Promise<Pick<DpcSummary, 'stopped' | 'trials' | 'winner' | 'baselines' | 'leads'>> {
  const keys = dpcKeys(run)
  const leaderboard = (await readLeaderboard(store, run)) ?? leaderboardOf(0, [])
  const { rounds, ranked, failed } = leaderboard
  const decision =
    rounds === 0 ? undefined : await getJson(store, keys.stopDecision(rounds - 1), stopDecisionSchema)
  if (decision?.enough) await keepWhole(store, run, leaderboard)
  const rerank = await getJson(store, keys.rerank, rerankSchema, RESUME)
  return {
    stopped: decision?.enough ? decision.reason : null,
    trials: {
      tried: ranked.length + failed.length,
      succeeded: ranked.length,
      failed: failed.length,
      best: ranked[0]?.score ?? null,
    },
    winner: rerank ? foundBy(rerank) : null,
    baselines: (rerank?.contenders ?? []).flatMap(({ role, score }) =>
      role === 'searched' ? [] : [{ role, score }],
    ),
    // They are leads of the best of this ranking.
    ...(rerank?.leads && rerank.kept === undefined && { leads: rerank.leads }),
  }
}

/** A second, slow call of Aggregate for an earlier round may have replaced the last leaderboard with that of its round. */
async function keepWhole(store: ObjectStore, run: string, leaderboard: Leaderboard): Promise<void> {
  const key = dpcKeys(run).leaderboard
  const written = await getSound(store, key, leaderboardSchema)
  if (written?.rounds !== leaderboard.rounds) await store.put(key, jsonBytes(leaderboard))
}
