import { describe, expect, it } from 'vitest'
import { entryOf, storedHistorySchema } from '../../../../../nas/spaces/auto-fpn/search/history.ts'

const entry = (...links: readonly (readonly number[])[]) =>
  entryOf({ step: 30, loss: 1.5, cost: 0.4, parameters: { alpha: [], beta: [links] } })

describe('entryOf', () => {
  it('has the softmax of each link to four digits, and the mean of their entropies in nats', () => {
    // softmax(ln 2, 0) is (2/3, 1/3): H = ln 3 - 2/3 ln 2.
    const { entropy, probabilities } = entry([Math.log(2), 0], [1, 1])
    expect(probabilities).toEqual([
      [
        [0.6667, 0.3333],
        [0.5, 0.5],
      ],
    ])
    expect(entropy).toBeCloseTo((Math.log(3) - (2 / 3) * Math.log(2) + Math.log(2)) / 2, 4)
  })

  it('is 0 where one operator is left, even where the others have underflowed', () => {
    const certain = entry([2000, 0, 0])
    expect(certain).toMatchObject({ entropy: 0, probabilities: [[[1, 0, 0]]] })
    expect(storedHistorySchema.parse({ entries: [certain] }).entries).toEqual([certain])
  })
})
