import { getResult, getRunFailure, type Result } from '../../nas/runs/result.ts'
import { STORE_MS } from './charge.ts'
import { ledgerViolations } from './check-ledger.ts'
import { revisionViolations } from './check-revisions.ts'
import { summaryViolations } from './check-summary.ts'
import { ABANDONED } from './drive.ts'
import type { Observations } from './observations.ts'
import type { SimulatedPipeline } from './pipelines/pipeline.ts'
import type { RunArtifacts } from './run-artifacts.ts'
import type { Failure, TrialOutcome } from './trial-outcome.ts'

/** Design: every payload stays under 16 KiB; every execution under a few hundred events, resumed ones included. */
const MOST_BYTES = 16 * 1024
const MOST_EVENTS = 600

/** What a run promises whatever happens to it, one line for each promise that was broken. */
export async function violations(
  artifacts: RunArtifacts,
  pipeline: SimulatedPipeline,
): Promise<readonly string[]> {
  const chosen = pipeline.trials(artifacts)
  return [
    ...(isAbandoned(artifacts) ? [] : await resultOfEach(artifacts, chosen)),
    ...ledgerViolations(artifacts),
    ...summaryViolations(artifacts),
    ...trainedUnchosen(artifacts, chosen),
    ...lostResults(artifacts),
    ...pipeline.violations(artifacts),
    ...revisionViolations(artifacts, pipeline),
  ]
}

/** A map whose jobs are done leaves a result of each trial. */
const lostResults = ({ end, revisions }: RunArtifacts): readonly string[] =>
  [end, ...revisions.map((revision) => revision.end)]
    .flatMap(({ unexplained }) => unexplained)
    .filter((error) => /result\.json does not exist/.test(error))
    .map((error) => `an execution missed a result: ${error}`)

export const isAbandoned = ({ end }: RunArtifacts): boolean => end.error === ABANDONED

/** What all runs of a store promise together. */
export function sharedViolations(seen: Observations): readonly string[] {
  return [
    ...trainedTwice(seen),
    ...seen.forbidden,
    ...(seen.largest.bytes < MOST_BYTES
      ? []
      : [`a payload of ${seen.largest.bytes} bytes at ${seen.largest.where}`]),
    ...(seen.events < MOST_EVENTS ? [] : [`an execution of ${seen.events} events`]),
  ]
}

/** Each trial that was chosen ends as one result, the one that its outcome says, or as a failure of this run alone. */
async function resultOfEach(
  { objects, scenario, record: { run } }: RunArtifacts,
  chosen: readonly string[],
): Promise<readonly string[]> {
  const store = { location: '', get: async (key: string) => objects.get(key) }
  const broken: string[] = []
  for (const trial of new Set(chosen)) {
    const result = await getResult(store, trial)
    const { failure } = scenario.outcomeOf(trial)
    const isOfRun = failure === 'unknown' || failure === 'memory'
    if (isOfRun && result !== undefined)
      broken.push(`trial ${trial} has failed for all runs, and nobody knows whose fault it was`)
    if (!isOfRun && (await getRunFailure(store, run, trial)) !== undefined)
      broken.push(`trial ${trial} has failed in ${run}, and nothing was wrong with it`)
    if (isOfRun) continue
    if (result === undefined) broken.push(`trial ${trial} has no result`)
    else if (!agrees(result, scenario.outcomeOf(trial)))
      broken.push(`trial ${trial}: ${JSON.stringify(result)} is not what was trained`)
  }
  return broken
}

const REASONS: Readonly<Record<Exclude<Failure, 'unknown' | 'memory'>, RegExp>> = {
  diverges: /^diverged at step \d+: /,
  raises: /is invalid$/,
}

function agrees(result: Result, { score, failure }: TrialOutcome): boolean {
  if (failure === undefined || failure === 'unknown' || failure === 'memory')
    return result.status === 'succeeded' && result.score === score
  return result.status === 'failed' && REASONS[failure].test(result.reason)
}

/** No job begins to train what has its result, unless it could not have read that yet. */
function trainedTwice({ begun, offered }: Observations): readonly string[] {
  const broken: string[] = []
  for (const [trial, offers] of offered) {
    const first = Math.min(...offers.map(({ at }) => at))
    for (const { by, at } of begun.get(trial) ?? [])
      if (at > first + STORE_MS) broken.push(`trial ${trial} had its result when ${by} began to train it`)
  }
  return broken
}

/** No job trains what the run has not chosen. */
function trainedUnchosen({ seen, record }: RunArtifacts, chosen: readonly string[]): readonly string[] {
  const known = new Set(chosen)
  return [...seen.begun].flatMap(([trial, beginnings]) => {
    const first = beginnings.find(({ run }) => run === record.run)
    return first === undefined || known.has(trial)
      ? []
      : [`trial ${trial} was never chosen, and ${first.by} trained it`]
  })
}
