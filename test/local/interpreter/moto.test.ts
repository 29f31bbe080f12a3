import { expect, test } from 'vitest'
import { MOTO } from './moto/folder.ts'

/** Each of some 200 scenarios takes moto a third of a second on a quiet machine. */
const HOUR = 3_600_000

test.skipIf(!MOTO)(
  'an independent interpreter takes the same steps',
  async () => {
    const { allStates, compareAll } = await import('./moto/compare.ts')
    const compared = await compareAll(MOTO)
    const different = compared.filter(({ here, moto }) => JSON.stringify(here) !== JSON.stringify(moto))
    console.info(`${compared.length - different.length} of ${compared.length} scenarios are identical`)
    expect(different.map(({ scenario }) => scenario)).toEqual([])
    const entered = new Set(
      compared.flatMap(({ moto }) => moto.flatMap((step) => ('enters' in step ? step.enters : []))),
    )
    expect([...allStates()].filter((state) => !entered.has(state))).toEqual([])
  },
  HOUR,
)
