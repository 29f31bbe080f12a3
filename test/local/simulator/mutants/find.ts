import { describe, expect, it } from 'vitest'
import { simulate } from '../../../../local/simulator/simulate.ts'
import { mutantsOf } from './index.ts'
import { simulatorOf } from './mutant.ts'

/** Where the recorded seed does not find a defect any more, as the product asks its store for more or less, another must. */
const MOST_SEEDS = 200

/** Each defect of a pipeline is found. A file a pipeline, so that they run side by side. */
export function findMutants(pipeline: string): void {
  describe('a defect is found', () => {
    it.each(mutantsOf(pipeline))('$pipeline: $defect (seed $seed)', async (mutant) => {
      const { breaks, seed } = mutant
      const simulateMutant = await simulatorOf(mutant)
      for (const each of [seed, ...Array(MOST_SEEDS).keys()]) {
        const { violations } = await simulateMutant(pipeline, each)
        if (!violations.some((line) => breaks.test(line))) continue
        expect((await simulate(pipeline, each, { odds: mutant.odds })).violations).toEqual([])
        return
      }
      expect.fail(`not within ${MOST_SEEDS} seeds`)
    })
  })
}
