import type { Budget } from '../../nas/runs/budget.ts'
import { leastCharge } from './charge.ts'
import type { RunArtifacts } from './run-artifacts.ts'
import { READ_EARLIER_MS } from './spent-before.ts'

const HOUR_MS = 3_600_000

/** Keys of what a search has found, and of what was then chosen to be compared. */
interface Keys {
  /** Null where nothing is written right before what is chosen. */
  readonly derived: string | null
  readonly candidates: string
}

/**
 * A spent budget leaves baselines out, and nothing else does.
 * @param chosen why they were left out, if they were
 */
export function budgetViolations(
  artifacts: RunArtifacts,
  { limited }: { readonly limited?: string | undefined },
  keys: Keys,
): readonly string[] {
  const { budget }: { readonly budget?: Budget | undefined } = artifacts.record.config
  const { least, most } = hoursWhenChosen(artifacts, keys)
  const hours = budget?.gpuHours ?? Number.POSITIVE_INFINITY
  if (limited === undefined)
    return least > hours ? [`baselines were chosen after ${least} of ${hours} GPU hours`] : []
  return most < hours ? [`baselines were left out after ${most} of ${hours} GPU hours`] : []
}

/** The bounds of what the ledger told when the candidates were chosen: it was read after the search had ended. */
function hoursWhenChosen({ attempts, seen }: RunArtifacts, { derived, candidates }: Keys) {
  const chosenAt = seen.written.get(candidates)!
  const derivedAt = derived === null ? chosenAt - READ_EARLIER_MS : seen.written.get(derived)!
  const over = attempts.filter(({ endedAt }) => endedAt! < derivedAt)
  const begun = attempts.filter(({ startedAt }) => startedAt < chosenAt)
  return {
    least: over.reduce((sum, each) => sum + leastCharge(each), 0) / HOUR_MS,
    most:
      begun.reduce((sum, { startedAt, endedAt }) => sum + Math.min(endedAt!, chosenAt) - startedAt + 1, 0) /
      HOUR_MS,
  }
}
