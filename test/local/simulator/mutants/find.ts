import { describe, expect, it } from 'vitest'
import type { Odds } from '../../../../local/simulator/faults.ts'
import { simulate } from '../../../../local/simulator/simulate.ts'
import { testedMutantsOf } from './index.ts'
import { simulatorOf } from './mutant.ts'

/** Where the recorded seed does not find a defect any more, as the product asks its store for more or less, another must. */
const MOST_SEEDS = 200

/** Each defect of a pipeline is found. A file a pipeline, so that they run side by side. */
export function findMutants(pipeline: string): void {
  const sound = new Map<string, Promise<readonly string[]>>()
  /** What the product without a defect breaks at a seed that several defects share. */
  function soundAt(seed: number, odds: Odds | undefined): Promise<readonly string[]> {
    const key = JSON.stringify([seed, odds])
    const known = sound.get(key) ?? simulate(pipeline, seed, { odds }).then(({ violations }) => violations)
    sound.set(key, known)
    return known
  }

  describe('a defect is found', () => {
    it.each(testedMutantsOf(pipeline))('$pipeline: $defect (seed $seed)', async (mutant) => {
      const { breaks, seed } = mutant
      const simulateMutant = await simulatorOf(mutant)
      for (const each of [seed, ...Array(MOST_SEEDS).keys()]) {
        const { violations } = await simulateMutant(pipeline, each)
        if (!violations.some((line) => breaks.test(line))) continue
        expect(await soundAt(each, mutant.odds)).toEqual([])
        return
      }
      expect.fail(`not within ${MOST_SEEDS} seeds`)
    })
  })
}
