import { describe, expect, it } from 'vitest'
import { FAULTS } from '../../../local/simulator/faults.ts'
import { simulatedPipelines } from '../../../local/simulator/pipelines/index.ts'
import { simulate } from '../../../local/simulator/simulate.ts'

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
