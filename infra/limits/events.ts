import { TrellisError } from '../../nas/errors.ts'
import type { SearchSize } from '../../nas/runs/search-size.ts'
import type { State, States, TaskState } from '../../pipelines/asl.ts'
import { type Claim, LIMITS, number } from './limits.ts'
import { roundsOf } from './size.ts'

/**
 * Events in the history of one execution in which everything that can be retried is retried to the last. A state in a cycle
 * is entered once a round: a search goes around for no other reason.
 */
export function eventsClaim(what: string, { States }: Pick<States, 'States'>, size: SearchSize): Claim {
  const rounds = roundsOf(size)
  const cyclic = inCycles(States)
  const sum = (repeated: boolean) =>
    Object.entries(States)
      .filter(([name]) => cyclic.has(name) === repeated)
      .reduce((total, [name, state]) => total + eventsOf(name, state), 0)
  const [once, eachRound] = [sum(false), sum(true)]
  return {
    what,
    // The execution itself starts and ends.
    size: 2 + once + rounds * eachRound,
    limit: LIMITS.eventsOfExecution,
    arithmetic:
      eachRound === 0
        ? `2 + ${number(once)}`
        : `2 + ${number(once)} + ${number(rounds)} rounds x ${number(eachRound)}`,
  }
}

/** Every state is entered and exited. */
function eventsOf(name: string, state: State): number {
  switch (state.Type) {
    case 'Task':
      return 2 + attemptsOf(state) * eventsOfAttempt(state)
    case 'Map':
      if (state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED')
        // Started, its run started, its run ended, ended. Its children have histories of their own.
        return 2 + 4
      throw new TrellisError(
        'invalid-pipeline',
        `state ${name}: no bound is known for the events of an inline map`,
        {
          fix: 'make it a distributed one: its children have histories of their own',
        },
      )
    case 'Parallel':
      return (
        2 +
        2 +
        state.Branches.flatMap(({ States }) => Object.entries(States)).reduce(
          (total, [inner, each]) => total + eventsOf(inner, each),
          0,
        )
      )
    default:
      return 2
  }
}

const attemptsOf = ({ Retry = [] }: TaskState): number =>
  // Step Functions retries three times where nothing is said.
  Retry.reduce((attempts, { MaxAttempts = 3 }) => attempts + MaxAttempts, 1)

/** Scheduled, started, ended; what is waited for is also submitted. */
const eventsOfAttempt = ({ Resource }: TaskState): number => (Resource.includes('.sync') ? 4 : 3)

function inCycles(states: States['States']): ReadonlySet<string> {
  const reachable = (from: string, seen = new Set<string>()): ReadonlySet<string> => {
    for (const next of successors(states[from]!)) {
      if (seen.has(next)) continue
      seen.add(next)
      reachable(next, seen)
    }
    return seen
  }
  return new Set(Object.keys(states).filter((name) => reachable(name).has(name)))
}

function successors(state: State): readonly string[] {
  const caught = 'Catch' in state ? (state.Catch ?? []).map(({ Next }) => Next) : []
  if (state.Type === 'Choice')
    return [...state.Choices.map(({ Next }) => Next), ...(state.Default === undefined ? [] : [state.Default])]
  return 'Next' in state && state.Next !== undefined ? [state.Next, ...caught] : caught
}
