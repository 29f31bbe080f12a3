import { denseNas as contract } from '../../../../nas/pipelines/densenas/index.ts'
import { denseNasKeys, supernetKeys } from '../../../../nas/pipelines/densenas/keys.ts'
import { latencyKey } from '../../../../nas/pipelines/densenas/latency.ts'
import { runOf } from '../../../../nas/pipelines/run.ts'
import { trialKeys } from '../../../../nas/runs/keys.ts'
import { latencyKeys } from '../../../../nas/runs/latencies.ts'
import type { RunArtifacts } from '../../run-artifacts.ts'
import { supernetOf } from './artifacts.ts'

/** The supernet is searched once, by costs that were known before, and what is derived from it does not change any more. */
export function searchViolations(artifacts: RunArtifacts): readonly string[] {
  const { record, seen } = artifacts
  const trial = supernetOf(artifacts)
  const keys = denseNasKeys(record.run)
  const [searchedAt, begunAt] = [seen.written.get(trialKeys(trial).result), seen.begun.get(trial)?.[0]?.at]
  const chosenAt = seen.written.get(keys.candidates)
  const latencies = latencyKey(runOf(record, contract))
  const measuredAt = latencies === null ? undefined : seen.written.get(latencyKeys(latencies).table)
  return [
    ...(chosenAt !== undefined && (searchedAt === undefined || searchedAt > chosenAt)
      ? ['candidates were chosen before the supernet was searched']
      : []),
    ...(latencies !== null && begunAt !== undefined && (measuredAt === undefined || measuredAt > begunAt)
      ? ['the supernet was searched before latencies were measured']
      : []),
    ...[keys.derived, supernetKeys(trial).architecture]
      .filter((key) => seen.changed.has(key))
      .map((key) => `${key} has changed`),
  ]
}
