import { comparisonSchema } from '../../nas/pipelines/auto-fpn/comparison.ts'
import { autoFpnKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnSummary } from '../../nas/pipelines/auto-fpn/summary.ts'
import { getJson, RESUME } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

export async function findings(
  store: ObjectStore,
  run: string,
): Promise<Pick<AutoFpnSummary, 'stopped' | 'winner' | 'baselines' | 'leads'>> {
  const comparison = await getJson(store, autoFpnKeys(run).comparison, comparisonSchema, RESUME)
  return {
    stopped: comparison?.limited ?? null,
    winner: comparison?.winner ?? null,
    baselines: (comparison?.contenders ?? []).flatMap(({ role, score, neck, head }) =>
      role === 'found' ? [] : [{ role, score, neck, head }],
    ),
    ...(comparison?.leads && { leads: comparison.leads }),
  }
}
