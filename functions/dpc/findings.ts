import { leaderboardOf, leaderboardSchema } from '../../nas/pipelines/dpc/leaderboard.ts'
import { rerankSchema } from '../../nas/pipelines/dpc/rerank.ts'
import { verdictSchema } from '../../nas/pipelines/dpc/round.ts'
import type { DpcSummary } from '../../nas/pipelines/dpc/summary.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { getJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

export async function dpcFindings(
  store: ObjectStore,
  run: string,
): Promise<Pick<DpcSummary, 'stopped' | 'trials' | 'winner' | 'baselines'>> {
  const keys = runKeys(run)
  const leaderboard = (await getJson(store, keys.leaderboard, leaderboardSchema)) ?? leaderboardOf(0, [])
  const { rounds, ranked, failed } = leaderboard
  const verdict = rounds === 0 ? undefined : await getJson(store, keys.verdict(rounds - 1), verdictSchema)
  const rerank = await getJson(store, keys.rerank, rerankSchema)
  return {
    stopped: verdict?.enough ? verdict.reason : null,
    trials: {
      tried: ranked.length + failed.length,
      succeeded: ranked.length,
      failed: failed.length,
      best: ranked[0]?.score ?? null,
    },
    winner: rerank?.winner ?? null,
    baselines: (rerank?.contenders ?? []).flatMap(({ role, score }) =>
      role === 'searched' ? [] : [{ role, score }],
    ),
  }
}
