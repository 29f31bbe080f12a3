import type { Candidates } from '../../../../nas/pipelines/densenas/comparison.ts'
import { denseNas as contract } from '../../../../nas/pipelines/densenas/index.ts'
import { denseNasKeys } from '../../../../nas/pipelines/densenas/keys.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { budgetViolations as ofBaselines } from '../../baselines-budget.ts'
import type { RunArtifacts } from '../../run-artifacts.ts'

/** A spent budget leaves the baselines out, and nothing else does. */
export function budgetViolations(artifacts: RunArtifacts, chosen: Candidates): readonly string[] {
  const { run, config } = runOf(artifacts.record, contract)
  const { baselines } = config
  const roles = chosen.contenders.map(({ role }) => role).join()
  const all = [
    'derived',
    ...Array.from({ length: baselines.random }, () => 'random'),
    ...(baselines.mobileNetV2 ? ['mobilenet-v2'] : []),
  ].join()
  const expected = chosen.limited === undefined ? all : 'derived'
  return [
    ...(roles === expected ? [] : [`candidates are ${roles}, not ${expected}`]),
    ...ofBaselines(artifacts, chosen, denseNasKeys(run)),
  ]
}
