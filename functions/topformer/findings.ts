import { readRunOf } from '../../nas/pipelines/run.ts'
import { comparisonSchema } from '../../nas/pipelines/topformer/comparison.ts'
import { frontOf } from '../../nas/pipelines/topformer/front.ts'
import { allResults } from '../../nas/pipelines/topformer/history.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { readTask } from '../../nas/pipelines/topformer/latency.ts'
import type { TopformerSummary } from '../../nas/pipelines/topformer/summary.ts'
import { isScored } from '../../nas/runs/rounds.ts'
import { stopDecisionSchema } from '../../nas/runs/stop-decision.ts'
import { getJson, RESUME } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

export async function findings(
  store: ObjectStore,
  run: string,
): Promise<Pick<TopformerSummary, 'stopped' | 'evaluated' | 'winner' | 'baselines' | 'leads'>> {
  const keys = topformerKeys(run)
  const record = await readRunOf(store, run, topformer)
  const results = await allResults(store, record)
  const evaluated = results.flatMap(({ searches }) => searches.flat())
  const decision =
    results.length === 0
      ? undefined
      : await getJson(store, keys.stopDecision(results.length - 1), stopDecisionSchema)
  const comparison = await getJson(store, keys.comparison, comparisonSchema, RESUME)
  return {
    stopped: comparison?.limited ?? (decision?.enough ? decision.reason : null),
    evaluated: {
      networks: evaluated.length,
      failed: evaluated.filter((each) => !isScored(each)).length,
      front: frontOf(record, results, await readTask(store, record)).points.length,
    },
    winner: comparison?.winner ?? null,
    baselines: (comparison?.contenders ?? []).flatMap(({ role, limit, score, multiplyAdds }) =>
      role === 'searched' ? [] : [{ role, limit, score, multiplyAdds }],
    ),
    ...(comparison?.leads && { leads: comparison.leads }),
  }
}
