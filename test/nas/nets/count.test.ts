import { describe, expect, test } from 'vitest'
import { countNetwork } from '../../../nas/nets/count.ts'
import { KNOWN_DENSENAS } from '../../../nas/spaces/densenas/known.ts'
import type { DpcGenotype } from '../../../nas/spaces/dpc/genotype.ts'
import { KNOWN_CELLS } from '../../../nas/spaces/dpc/known.ts'

/** 1025 x 2049 at output stride 16, in MobileNetV2's and in Xception's features. */
const MOBILENET = [320, 65, 129] as const
const XCEPTION = [2048, 65, 129] as const

describe('classifiers', () => {
  test.each([
    ['mobilenet-v2', 3_504_872, 300_774_272],
    ['resnet-50', 25_557_032, 4_089_184_256],
    ['densenas-v1-c', 6_720_312, 382_990_336],
    ['densenas-c', 6_134_144, 360_808_256],
  ] as const)('%s has %i parameters and needs %i multiply-adds', (name, parameters, multiplyAdds) => {
    expect(countNetwork(name, [3, 224, 224])).toMatchObject({ parameters, multiplyAdds })
  })

  test.each([
    ['mobilenet-v2', 2_189_760],
    ['densenas-v1-c', 4_950_784],
    ['densenas-c', 4_100_536],
  ] as const)('%s holds %i weights in convolutions', (name, convolutionWeights) => {
    expect(countNetwork(name, [3, 224, 224])).toMatchObject({ convolutionWeights })
  })

  test('an image of other than 3 channels is refused', () => {
    for (const network of ['mobilenet-v2', KNOWN_DENSENAS['densenas-c']] as const)
      expect(() => countNetwork(network, MOBILENET)).toThrow(
        expect.objectContaining({ code: 'invalid-config' }),
      )
  })
})

describe('the cells of Table 1', () => {
  test.each([
    ['dpc-top1', MOBILENET, 356_160, 683_840],
    ['dpc-top1', XCEPTION, 814_080, 1_141_760],
    ['aspp', MOBILENET, 418_240, 745_920],
    ['aspp', XCEPTION, 2_676_736, 3_004_416],
  ] as const)(
    '%s on %j: %i weights in the branches, %i with the projection',
    (name, input, branches, all) => {
      const counts = countNetwork(name, input)
      expect(counts.convolutionWeights).toBe(all)
      expect(counts.scopes.branches!.convolutionWeights).toBe(branches)
      expect(counts.scopes.projection!.convolutionWeights).toBe(5 * 256 * 256)
    },
  )

  test.each([
    [MOBILENET, 689_600],
    [XCEPTION, 1_150_976],
  ] as const)('DPC on %j trains %i numbers, scales and shifts included', (input, parameters) => {
    expect(countNetwork('dpc-top1', input).parameters).toBe(parameters)
  })

  test.each([
    ['dpc-top1', MOBILENET, 356_160],
    ['dpc-top1', XCEPTION, 814_080],
    ['aspp', MOBILENET, 336_320],
    ['aspp', XCEPTION, 2_152_448],
  ] as const)('branches of %s on %j: %i multiply-adds a position', (name, input, each) => {
    const positions = 65 * 129
    // Image pooling convolves a single position.
    const imagePooling = name === 'aspp' ? input[0] * 256 : 0
    const { branches, projection } = countNetwork(name, input).scopes
    expect(branches!.multiplyAdds).toBe(each * positions + imagePooling)
    expect(projection!.multiplyAdds).toBe(5 * 256 * 256 * positions)
  })

  test.each([
    ['aspp', MOBILENET, 2.82],
    ['dpc-top1', MOBILENET, 3.0],
    ['aspp', XCEPTION, 18.12],
    ['dpc-top1', XCEPTION, 6.84],
  ] as const)('%s on %j is within half a percent of the published %fB', (name, input, published) => {
    const { multiplyAdds } = countNetwork(name, input).scopes.branches!
    expect(Math.abs(multiplyAdds / 1e9 / published - 1)).toBeLessThan(0.005)
  })
})

test('a genotype is counted as the known network that it is', () => {
  expect(countNetwork(KNOWN_DENSENAS['densenas-c'], [3, 32, 32])).toEqual(
    countNetwork('densenas-c', [3, 32, 32]),
  )
  const genotype: DpcGenotype = KNOWN_CELLS['dpc-top1']
  expect(countNetwork(genotype, [48, 33, 17])).toEqual(countNetwork('dpc-top1', [48, 33, 17]))
})

test('the parts add up to the whole', () => {
  const { scopes, ...whole } = countNetwork('aspp', [320, 33, 33])
  for (const [key, total] of Object.entries(whole))
    expect(Object.values(scopes).reduce((sum, part) => sum + part[key as keyof typeof part], 0)).toBe(total)
})

test('counting allocates nothing: a cell that no machine could hold is counted from its shapes', () => {
  const channels = 1e9
  const { scopes } = countNetwork('dpc-top1', [channels, 65, 129])
  expect(scopes.branches!.convolutionWeights).toBe(channels * (9 + 256) + 4 * (9 * 256 + 256 * 256))
})
