import { random } from '../../nas/random.ts'

/** What the training of a trial comes to. */
export interface TrialOutcome {
  readonly score: number
  /** On a host of ordinary speed, without interruptions. */
  readonly seconds: number
  readonly failure: Failure | undefined
}

/** `memory` takes the whole process with it, each time; of `unknown` nobody knows whose fault it is. */
export type Failure = 'diverges' | 'memory' | 'raises' | 'unknown'

export interface Difficulty {
  readonly seconds: readonly [least: number, most: number]
  /** The part of all trials that fails in each way. */
  readonly failing: Readonly<Record<Exclude<Failure, 'unknown'>, number>> & { readonly unknown?: number }
}

/** In place of training: a pure function of the trial's key. */
export type OutcomeOf = (trial: string) => TrialOutcome

export function outcomes(difficulty: Difficulty): OutcomeOf {
  const known = new Map<string, TrialOutcome>()
  return (trial) => {
    const outcome = known.get(trial) ?? drawOutcome(trial, difficulty)
    known.set(trial, outcome)
    return outcome
  }
}

function drawOutcome(trial: string, { seconds: [least, most], failing }: Difficulty): TrialOutcome {
  const rng = random(0, 'course', trial)
  const score = rng.uniform()
  const seconds = least + rng.uniform() * (most - least)
  return { score, seconds, failure: failureAt(rng.uniform(), failing) }
}

/** @param draw uniform in [0, 1) */
function failureAt(
  draw: number,
  { diverges, memory, raises, unknown = 0 }: Difficulty['failing'],
): Failure | undefined {
  if (draw < diverges) return 'diverges'
  if (draw < diverges + memory) return 'memory'
  if (draw < diverges + memory + raises) return 'raises'
  return draw < diverges + memory + raises + unknown ? 'unknown' : undefined
}
