import { expect, it } from 'vitest'
import { supernetSchedule } from '../../../../../nas/spaces/densenas/search/schedule.ts'

it('trains weights alone at first, then alternates by epoch', () => {
  const { steps, at } = supernetSchedule({
    epochs: 5,
    architectureFrom: 2,
    stepsPerEpoch: { weights: 2, architecture: 1 },
  })
  expect(steps).toEqual({ weights: 6, architecture: 2 })
  const places = Array.from({ length: 8 }, (_, step) => at(step))
  expect(places.map(({ epoch, phase, index, last }) => `${epoch} ${phase} ${index} ${last}`)).toEqual([
    '0 weights 0 false',
    '0 weights 1 true',
    '1 weights 2 false',
    '1 weights 3 true',
    '2 architecture 0 true',
    '3 weights 4 false',
    '3 weights 5 true',
    '4 architecture 1 true',
  ])
})
