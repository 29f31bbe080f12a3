import { describe, expect, it } from 'vitest'
import { FAULTS } from '../../../local/simulator/faults.ts'
import { simulate } from '../../../local/simulator/simulate.ts'
import { mutants } from './mutants.ts'

const SAMPLE = 20

describe('a run under faults', () => {
  it('keeps every promise and ends as the run without faults, in a sample of seeds', async () => {
    const struck = new Set<string>()
    for (let seed = 0; seed < SAMPLE; seed++) {
      const { violations, faults } = await simulate('dpc', seed)
      expect(violations, `npm run simulate -- --seed ${seed}`).toEqual([])
      for (const fault of Object.keys(faults)) struck.add(fault)
    }
    expect([...struck].sort()).toEqual(Object.keys(FAULTS).sort())
  })

  it('is the same run, event by event, whenever it is simulated', async () => {
    const history = async () => {
      const lines: string[] = []
      await simulate('dpc', 7, { log: (at, who, what) => void lines.push(`${at} ${who} ${what}`) })
      return lines
    }
    const first = await history()
    expect(first.length).toBeGreaterThan(500)
    expect(await history()).toEqual(first)
  })
})

describe('a defect is found', () => {
  it.each(mutants)('$defect (seed $seed)', async ({ product, breaks, seed }) => {
    expect((await simulate('dpc', seed, { product })).violations.some((line) => breaks.test(line))).toBe(true)
    expect((await simulate('dpc', seed)).violations).toEqual([])
  })
})
