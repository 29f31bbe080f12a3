import type { Random } from '../../nas/random.ts'
import { alone, type PlannedRun, recordOf } from './scenario.ts'

/** Where runs of the same configuration start together, the longest time between the first and the last. */
const TOGETHER_SECONDS = 300

/** After the end of a run. */
const LATER_SECONDS = 3600

/** Runs of one configuration in one store: one alone, several at once, or one after others, most of which were abandoned. */
export function drawRuns(
  rng: Random,
  settings: Readonly<Record<string, unknown>>,
  seed: number,
): readonly PlannedRun[] {
  const drawn = rng.uniform()
  if (drawn < 0.2) return together(rng, settings, seed)
  return drawn < 0.4 ? inARow(rng, settings, seed) : alone(recordOf({ ...settings, seed }))
}

/** The same search, or one of another seed. */
const seedOf = (rng: Random, seed: number) => (rng.uniform() < 0.7 ? seed : seed + 1)

const together: typeof drawRuns = (rng, settings, seed) => {
  const within = TOGETHER_SECONDS * rng.uniform()
  return Array.from({ length: rng.pick([2, 2, 3, 5]) }, (_, i) => ({
    record: recordOf({ ...settings, seed: i === 0 ? seed : seedOf(rng, seed) }, nameOf(i)),
    startsAfter: { previous: false, seconds: within * rng.uniform() },
  }))
}

const inARow: typeof drawRuns = (rng, settings, seed) => {
  const before = rng.pick([1, 1, 2, 3])
  return Array.from({ length: before + 1 }, (_, i): PlannedRun => {
    const planned = {
      record: recordOf({ ...settings, seed: i === before ? seed : seedOf(rng, seed) }, nameOf(i)),
      startsAfter: { previous: i > 0, seconds: LATER_SECONDS * rng.uniform() },
    }
    const isAbandoned = i < before && rng.uniform() < 0.8
    return isAbandoned ? { ...planned, abandonedAt: 5 + rng.integer(150) } : planned
  })
}

/** The first has the name that mutants know. */
const nameOf = (i: number) => (i === 0 ? 'simulated' : `simulated-${i}`)
