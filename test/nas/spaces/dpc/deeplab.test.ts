import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../../../nas/random.ts'
import { fromDeepLab, toDeepLab } from '../../../../nas/spaces/dpc/deeplab.ts'
import { KNOWN_CELLS } from '../../../../nas/spaces/dpc/known.ts'
import { dpcSpace } from '../../../../nas/spaces/dpc/space.ts'

const TOP1 =
  '[{"kernel": 3, "rate": [1, 6], "op": "conv", "input": -1}, {"kernel": 3, "rate": [18, 15], "op": "conv", "input": 0}, {"kernel": 3, "rate": [6, 3], "op": "conv", "input": 1}, {"kernel": 3, "rate": [1, 1], "op": "conv", "input": 0}, {"kernel": 3, "rate": [6, 21], "op": "conv", "input": 0}]'

describe("DeepLab's notation of a cell", () => {
  it('of the published top cell is read, and written again byte for byte but for spaces', () => {
    const cell = fromDeepLab(JSON.parse(TOP1))
    expect(cell).toEqual(KNOWN_CELLS['dpc-top1'])
    expect(JSON.stringify(toDeepLab(cell))).toBe(TOP1.replaceAll(' ', ''))
  })

  it('holds every cell of the space: writing and reading is the identity', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 7 }), (seed, branches) => {
        const cell = dpcSpace(branches).sample(random(seed))
        expect(fromDeepLab(JSON.parse(JSON.stringify(toDeepLab(cell))))).toEqual(cell)
      }),
    )
  })

  it('may spell kernels as pairs and the features as any negative input, as its own tests do', () => {
    expect(
      fromDeepLab([
        { input: -3, op: 'conv', kernel: [1, 1] },
        { input: 0, op: 'conv', kernel: [3, 3], rate: [1, 3] },
        { input: 1, op: 'pyramid_pooling', grid_size: [1, 2] },
      ]).branches,
    ).toEqual([
      { input: -1, operation: { kind: 'conv1x1' } },
      { input: 0, operation: { kind: 'atrous', rate: [1, 3] } },
      { input: 1, operation: { kind: 'pyramid-pooling', grid: [1, 2] } },
    ])
  })

  const features = { input: -1, op: 'conv', kernel: 1 }
  it.each([
    ['an unknown operation', [features, { op: 'max_pool', input: 0 }], /branch 1.*"max_pool"/],
    ['another kernel', [{ ...features, kernel: 5 }], /branch 0, kernel: 5/],
    ['a 3x3 convolution without a rate', [{ ...features, kernel: 3 }], /branch 0.*rate/],
    [
      'a rate outside the space',
      [{ ...features, kernel: 3, rate: [2, 1] }],
      /branch 0.*: 2 is not one of the rates/,
    ],
    ['a later branch', [features, { ...features, input: 3 }], /branch 1.*reads branch 3, which comes later/],
    ['something that is no list', { branches: [] }, /must be a list/],
  ])('is refused for %s, and the error names the branch', (_, json, message) => {
    expect(() => fromDeepLab(json)).toThrow(
      expect.objectContaining({ code: 'invalid-genotype', message: expect.stringMatching(message) }),
    )
  })
})
