import { mean } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { dropoutNoise } from '../../../nas/training/noise.ts'

const options = { shape: [2, 50, 10, 15], oneIn: 10, seed: 1, step: 4 } as const

describe('dropoutNoise', () => {
  it('gives integers in [0, oneIn), one a channel and one a position of each image', () => {
    const { channelNoise, positionNoise } = dropoutNoise(options)
    expect(channelNoise).toMatchObject({ dtype: 'int32', shape: [2, 50, 1, 1] })
    expect(positionNoise).toMatchObject({ dtype: 'int32', shape: [2, 1, 10, 15] })
    for (const { data } of [channelNoise, positionNoise])
      expect(new Set(data)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  })

  it('drops one number in `oneIn` on average', () => {
    const dropped = Array.from({ length: 20 }, (_, step) => {
      const { channelNoise, positionNoise } = dropoutNoise({ ...options, step })
      return mean(
        [...channelNoise.data].map((c) => mean([...positionNoise.data].map((p) => Number(p === c)))),
      )
    })
    expect(mean(dropped)).toBeCloseTo(0.1, 2)
  })

  it('depends on the step and the seed, and on nothing else', () => {
    expect(dropoutNoise(options)).toEqual(dropoutNoise(options))
    expect(dropoutNoise(options)).not.toEqual(dropoutNoise({ ...options, step: 5 }))
    expect(dropoutNoise(options)).not.toEqual(dropoutNoise({ ...options, seed: 2 }))
  })
})
