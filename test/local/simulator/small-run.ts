import { alone, NO_FILES, recordOf, type Scenario } from '../../../local/simulator/scenario.ts'
import { type Difficulty, outcomes } from '../../../local/simulator/trial-outcome.ts'

export const STEPS = 4

/** Every kind of failure within a few trials. */
export const DIFFICULTY: Difficulty = {
  seconds: [40, 120],
  failing: { diverges: 0.15, memory: 0.1, raises: 0.1 },
}

/** A run of two rounds, a job at a time. */
export const smallRun = (seed: number): Scenario => ({
  runs: alone(
    recordOf({
      pipeline: 'dpc',
      dataset: { kind: 'street' },
      seed,
      search: { strategy: { kind: 'local' }, perRound: 3, trialsPerJob: 2 },
      rerank: { top: 2 },
      budget: { trials: 5 },
    }),
  ),
  files: NO_FILES,
  outcomeOf: outcomes(DIFFICULTY),
  steps: STEPS,
  slots: 1,
  startUpSeconds: [5, 40],
  reclaimsPerHour: 0,
  uploadSeconds: 0,
})
