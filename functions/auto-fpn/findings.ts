import { comparisonSchema } from '../../nas/pipelines/auto-fpn/comparison.ts'
import { evaluatedIn, evolutionSoFar } from '../../nas/pipelines/auto-fpn/evolution.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnSummary } from '../../nas/pipelines/auto-fpn/summary.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { tallyOf } from '../../nas/runs/rounds.ts'
import { stopDecisionSchema } from '../../nas/runs/stop-decision.ts'
import { getJson, RESUME } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

export async function findings(
  store: ObjectStore,
  run: string,
): Promise<Pick<AutoFpnSummary, 'stopped' | 'winner' | 'baselines' | 'evolution' | 'leads'>> {
  const comparison = await getJson(store, autoFpnKeys(run).comparison, comparisonSchema, RESUME)
  const hasEvolved = comparison?.contenders.some(({ role }) => role === 'evolution')
  const evolution = hasEvolved ? await evolutionOf(store, run) : undefined
  return {
    stopped: comparison?.limited ?? null,
    winner: comparison?.winner ?? null,
    baselines: (comparison?.contenders ?? []).flatMap(({ role, score, neck, head }) =>
      role === 'found' ? [] : [{ role, score, neck, head }],
    ),
    ...(evolution && { evolution }),
    ...(comparison?.leads && { leads: comparison.leads }),
  }
}

/** What evolution has come to, whose best was compared. */
async function evolutionOf(
  store: ObjectStore,
  run: string,
): Promise<NonNullable<AutoFpnSummary['evolution']>> {
  const rounds = await evolutionSoFar(store, await readRunOf(store, run, autoFpn))
  const { completed, failed, best } = tallyOf(evaluatedIn(rounds))
  const key = autoFpnKeys(run).evolution.stopDecision(rounds.length - 1)
  const decision = await getJson(store, key, stopDecisionSchema)
  return { detectors: completed, failed, best, stopped: decision?.enough ? decision.reason : null }
}
