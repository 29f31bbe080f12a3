import { comparisonSchema } from '../../nas/pipelines/densenas/comparison.ts'
import type { DenseNasSummary } from '../../nas/pipelines/densenas/summary.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { getJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

export async function denseNasFindings(
  store: ObjectStore,
  run: string,
): Promise<Pick<DenseNasSummary, 'stopped' | 'winner' | 'baselines'>> {
  const comparison = await getJson(store, runKeys(run).comparison, comparisonSchema)
  return {
    stopped: comparison?.limited ?? null,
    winner: comparison?.winner ?? null,
    baselines: (comparison?.contenders ?? []).flatMap(({ role, score, multiplyAdds }) =>
      role === 'derived' ? [] : [{ role, score, multiplyAdds }],
    ),
  }
}
