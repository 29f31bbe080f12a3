export type Phase = 'weights' | 'architecture'

/** The place of a step in a search. */
export interface Place {
  readonly epoch: number
  readonly phase: Phase
  /** Steps of its phase before it. */
  readonly index: number
  /** Whether it is the last of its epoch. */
  readonly last: boolean
}

export interface SupernetSchedule {
  readonly epochs: number
  /** The epoch, from 0, at which the second stage begins. */
  readonly architectureFrom: number
  readonly stepsPerEpoch: Readonly<Record<Phase, number>>
}

/**
 * The two stages of a search (section 3.3.1): at first all epochs train weights, then epochs for the architecture and for the
 * weights alternate.
 * @returns the number of steps of each phase, and where each step is
 */
export function supernetSchedule({ epochs, architectureFrom, stepsPerEpoch }: SupernetSchedule): {
  readonly steps: Readonly<Record<Phase, number>>
  readonly at: (step: number) => Place
} {
  const steps = { weights: 0, architecture: 0 }
  const starts = Array.from({ length: epochs }, (_, epoch) => {
    const phase: Phase =
      epoch >= architectureFrom && (epoch - architectureFrom) % 2 === 0 ? 'architecture' : 'weights'
    const start = { step: steps.weights + steps.architecture, index: steps[phase], phase }
    steps[phase] += stepsPerEpoch[phase]
    return start
  })
  return {
    steps,
    at(step) {
      const epoch = starts.findLastIndex((start) => start.step <= step)
      const { phase, index, step: first } = starts[epoch]!
      const past = step - first
      return { epoch, phase, index: index + past, last: past === stepsPerEpoch[phase] - 1 }
    },
  }
}
