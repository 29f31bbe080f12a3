import { comparisonSchema } from '../../nas/pipelines/densenas/comparison.ts'
import { denseNasKeys } from '../../nas/pipelines/densenas/keys.ts'
import type { DenseNasSummary } from '../../nas/pipelines/densenas/summary.ts'
import { getJson, RESUME } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

export async function findings(
  store: ObjectStore,
  run: string,
): Promise<Pick<DenseNasSummary, 'stopped' | 'winner' | 'baselines' | 'leads'>> {
  const comparison = await getJson(store, denseNasKeys(run).comparison, comparisonSchema, RESUME)
  return {
    stopped: comparison?.limited ?? null,
    winner: comparison?.winner ?? null,
    baselines: (comparison?.contenders ?? []).flatMap(({ role, score, multiplyAdds }) =>
      role === 'derived' ? [] : [{ role, score, multiplyAdds }],
    ),
    ...(comparison?.leads && { leads: comparison.leads }),
  }
}
