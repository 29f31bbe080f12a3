import { random } from '../../nas/random.ts'

/** What becomes of a trial when it is trained. */
export interface Course {
  readonly score: number
  /** On a host of ordinary speed, without interruptions. */
  readonly seconds: number
  readonly failure: Failure | undefined
}

/** `memory` takes the whole process with it, each time. */
export type Failure = 'diverges' | 'memory' | 'raises'

export interface Difficulty {
  readonly seconds: readonly [least: number, most: number]
  /** The part of all trials that fails in each way. */
  readonly failing: Readonly<Record<Failure, number>>
}

/** In place of training: a pure function of the trial's key. */
export type CourseOf = (trial: string) => Course

export function courses({ seconds: [least, most], failing }: Difficulty): CourseOf {
  const known = new Map<string, Course>()
  const draw = (trial: string): Course => {
    const rng = random(0, 'course', trial)
    const score = rng.uniform()
    const seconds = least + rng.uniform() * (most - least)
    const fate = rng.uniform()
    const { diverges, memory, raises } = failing
    const failure =
      fate < diverges
        ? 'diverges'
        : fate < diverges + memory
          ? 'memory'
          : fate < diverges + memory + raises
            ? 'raises'
            : undefined
    return { score, seconds, failure }
  }
  return (trial) => {
    const course = known.get(trial) ?? draw(trial)
    known.set(trial, course)
    return course
  }
}
