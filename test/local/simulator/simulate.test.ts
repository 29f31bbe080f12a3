import { describe, expect, it } from 'vitest'
import { FAULTS } from '../../../local/simulator/faults.ts'
import { simulatedPipelines } from '../../../local/simulator/pipelines/index.ts'
import { simulate } from '../../../local/simulator/simulate.ts'
import { mutantsOf } from './mutants/index.ts'
import { simulatorOf } from './mutants/mutant.ts'

const numbers = (count: number) => [...Array(count).keys()]
const names = simulatedPipelines.all().map(([name]) => name)
const SAMPLE = names.flatMap((name) => numbers(15).map((seed) => [name, seed] as const))

describe('a run under faults', () => {
  const struck = new Set<string>()

  it.each(SAMPLE)('keeps every promise and ends as the run without faults: %s, seed %i', async (...seed) => {
    const { violations, faults } = await simulate(...seed)
    expect(violations).toEqual([])
    for (const fault of Object.keys(faults)) struck.add(fault)
  })

  it('is struck by nearly every kind of fault, the rarest of which need more seeds', () => {
    expect(struck.size).toBeGreaterThan(0.8 * Object.keys(FAULTS).length)
  })

  it.each(names)('is the same run, event by event, whenever it is simulated: %s', async (name) => {
    const history = async () => {
      const lines: string[] = []
      await simulate(name, 7, { log: (at, who, what) => void lines.push(`${at} ${who} ${what}`) })
      return lines
    }
    const first = await history()
    expect(first.length).toBeGreaterThan(200)
    expect(await history()).toEqual(first)
  })
})

/** Where the recorded seed does not find a defect any more, as the product asks its store for more or less, another must. */
const MOST_SEEDS = 200

describe('a defect is found', () => {
  it.each(names.flatMap(mutantsOf))('$pipeline: $defect (seed $seed)', async (mutant) => {
    const { pipeline, breaks, seed } = mutant
    const simulateMutant = await simulatorOf(mutant)
    for (const each of [seed, ...numbers(MOST_SEEDS)]) {
      const { violations } = await simulateMutant(pipeline, each)
      if (!violations.some((line) => breaks.test(line))) continue
      expect((await simulate(pipeline, each, { odds: mutant.odds })).violations).toEqual([])
      return
    }
    expect.fail(`not within ${MOST_SEEDS} seeds`)
  })
})
