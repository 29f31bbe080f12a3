import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = process.env.TRELLIS_MOTO ?? ''
const jsonata = folder && readdirSync(folder).find((file) => /^jsonata-.*\.jar$/.test(file))
if (!jsonata) console.warn('skipped: no moto with JSONata; name its folder in TRELLIS_MOTO (CONTRIBUTING.md)')

test.skipIf(!jsonata)('an independent interpreter takes the same steps', async () => {
  const { allStates, compareAll } = await import('./moto/compare.ts')
  const compared = await compareAll(join(folder, 'bin/python'), join(folder, jsonata!))
  const different = compared.filter(({ here, moto }) => JSON.stringify(here) !== JSON.stringify(moto))
  console.info(`${compared.length - different.length} of ${compared.length} scenarios are identical`)
  expect(different.map(({ scenario }) => scenario)).toEqual([])
  const entered = new Set(
    compared.flatMap(({ moto }) => moto.flatMap((step) => ('enters' in step ? step.enters : []))),
  )
  expect([...allStates()].filter((state) => !entered.has(state))).toEqual([])
})
