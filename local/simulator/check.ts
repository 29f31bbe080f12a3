import { getResult, type Result } from '../../nas/runs/result.ts'
import { STORE_MS } from './charge.ts'
import { ledgerViolations } from './check-ledger.ts'
import { revisionViolations } from './check-revisions.ts'
import type { SimulatedPipeline } from './pipelines/pipeline.ts'
import type { RunArtifacts } from './run-artifacts.ts'
import type { TrialOutcome } from './trial-outcome.ts'

/** Design: every payload stays under 16 KiB; every execution under a few hundred events, resumed ones included. */
const MOST_BYTES = 16 * 1024
const MOST_EVENTS = 600

/** What a run promises whatever happens to it, one line for each promise that was broken. */
export async function violations(
  artifacts: RunArtifacts,
  pipeline: SimulatedPipeline,
): Promise<readonly string[]> {
  const { seen } = artifacts
  const chosen = pipeline.trials(artifacts)
  return [
    ...(await resultOfEach(artifacts, chosen)),
    ...ledgerViolations(artifacts),
    ...trainedTwice(artifacts),
    ...trainedUnchosen(artifacts, chosen),
    ...pipeline.violations(artifacts),
    ...revisionViolations(artifacts, pipeline),
    ...seen.forbidden,
    ...(seen.largest.bytes < MOST_BYTES
      ? []
      : [`a payload of ${seen.largest.bytes} bytes at ${seen.largest.where}`]),
    ...(seen.events < MOST_EVENTS ? [] : [`an execution of ${seen.events} events`]),
  ]
}

/** Each trial that was chosen ends as one result, the one that its outcome says. */
async function resultOfEach(
  { objects, scenario }: RunArtifacts,
  chosen: readonly string[],
): Promise<readonly string[]> {
  const store = { location: '', get: async (key: string) => objects.get(key) }
  const broken: string[] = []
  for (const trial of new Set(chosen)) {
    const result = await getResult(store, trial)
    if (result === undefined) broken.push(`trial ${trial} has no result`)
    else if (!agrees(result, scenario.outcomeOf(trial)))
      broken.push(`trial ${trial}: ${JSON.stringify(result)} is not what was trained`)
  }
  return broken
}

const REASONS = {
  diverges: /^diverged at step \d+: /,
  memory: /^killed its job 3 times/,
  raises: /is invalid$/,
} as const

function agrees(result: Result, { score, failure }: TrialOutcome): boolean {
  if (failure === undefined) return result.status === 'succeeded' && result.score === score
  return result.status === 'failed' && REASONS[failure].test(result.reason)
}

/** No job begins to train what has its result, unless it could not have read that yet. */
function trainedTwice({ seen }: RunArtifacts): readonly string[] {
  const broken: string[] = []
  for (const [trial, offers] of seen.offered) {
    const first = Math.min(...offers.map(({ at }) => at))
    for (const { by, at } of seen.begun.get(trial) ?? [])
      if (at > first + STORE_MS) broken.push(`trial ${trial} had its result when ${by} began to train it`)
  }
  return broken
}

/** No job trains what the run has not chosen. */
function trainedUnchosen({ seen }: RunArtifacts, chosen: readonly string[]): readonly string[] {
  const known = new Set(chosen)
  return [...seen.begun]
    .filter(([trial]) => !known.has(trial))
    .map(([trial, [first]]) => `trial ${trial} was never chosen, and ${first!.by} trained it`)
}
