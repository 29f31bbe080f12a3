import type { Candidates } from '../../../../nas/pipelines/densenas/comparison.ts'
import { denseNas as contract } from '../../../../nas/pipelines/densenas/index.ts'
import { denseNasKeys } from '../../../../nas/pipelines/densenas/keys.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { leastCharge } from '../../charge.ts'
import type { RunArtifacts } from '../../run-artifacts.ts'

const HOUR_MS = 3_600_000

/** A spent budget leaves the baselines out, and nothing else does. */
export function budgetViolations(
  artifacts: RunArtifacts,
  { contenders, limited }: Candidates,
): readonly string[] {
  const { baselines, budget } = runOf(artifacts.record, contract).config
  const roles = contenders.map(({ role }) => role).join()
  const all = [
    'derived',
    ...Array.from({ length: baselines.random }, () => 'random'),
    ...(baselines.mobileNetV2 ? ['mobilenet-v2'] : []),
  ].join()
  const expected = limited === undefined ? all : 'derived'
  const broken = roles === expected ? [] : [`candidates are ${roles}, not ${expected}`]
  const { least, most } = hoursWhenChosen(artifacts)
  const hours = budget?.gpuHours ?? Number.POSITIVE_INFINITY
  if (limited === undefined && least > hours)
    broken.push(`baselines were chosen after ${least} of ${hours} GPU hours`)
  if (limited !== undefined && most < hours)
    broken.push(`baselines were left out after ${most} of ${hours} GPU hours`)
  return broken
}

/** The bounds of what the ledger told when the candidates were chosen: it was read after the network was derived. */
function hoursWhenChosen({ attempts, seen, record }: RunArtifacts) {
  const keys = denseNasKeys(record.run)
  const [derivedAt, chosenAt] = [seen.written.get(keys.derived)!, seen.written.get(keys.candidates)!]
  const over = attempts.filter(({ endedAt }) => endedAt! < derivedAt)
  const begun = attempts.filter(({ startedAt }) => startedAt < chosenAt)
  return {
    least: over.reduce((sum, each) => sum + leastCharge(each), 0) / HOUR_MS,
    most:
      begun.reduce((sum, { startedAt, endedAt }) => sum + Math.min(endedAt!, chosenAt) - startedAt + 1, 0) /
      HOUR_MS,
  }
}
