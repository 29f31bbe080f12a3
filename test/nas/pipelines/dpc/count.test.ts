import { describe, expect, test } from 'vitest'
import { countCell } from '../../../../nas/pipelines/dpc/count.ts'
import { KNOWN_CELLS } from '../../../../nas/spaces/dpc/known.ts'

/** 1025 x 2049 at output stride 16, in MobileNetV2's and in Xception's features. */
const MOBILENET = [320, 65, 129] as const
const XCEPTION = [2048, 65, 129] as const

describe('the cells of Table 1', () => {
  test.each([
    ['dpc-top1', MOBILENET, 356_160, 683_840],
    ['dpc-top1', XCEPTION, 814_080, 1_141_760],
    ['aspp', MOBILENET, 418_240, 745_920],
    ['aspp', XCEPTION, 2_676_736, 3_004_416],
  ] as const)(
    '%s on %j: %i weights in the branches, %i with the projection',
    (name, input, branches, all) => {
      const counts = countCell(KNOWN_CELLS[name], input)
      expect(counts.convolutionWeights).toBe(all)
      expect(counts.scopes.branches!.convolutionWeights).toBe(branches)
      expect(counts.scopes.projection!.convolutionWeights).toBe(5 * 256 * 256)
    },
  )

  test.each([
    [MOBILENET, 689_600],
    [XCEPTION, 1_150_976],
  ] as const)('DPC on %j trains %i numbers, scales and shifts included', (input, parameters) => {
    expect(countCell(KNOWN_CELLS['dpc-top1'], input).parameters).toBe(parameters)
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
    const { branches, projection } = countCell(KNOWN_CELLS[name], input).scopes
    expect(branches!.multiplyAdds).toBe(each * positions + imagePooling)
    expect(projection!.multiplyAdds).toBe(5 * 256 * 256 * positions)
  })

  test.each([
    ['aspp', MOBILENET, 2.82],
    ['dpc-top1', MOBILENET, 3.0],
    ['aspp', XCEPTION, 18.12],
    ['dpc-top1', XCEPTION, 6.84],
  ] as const)('%s on %j is within half a percent of the published %fB', (name, input, published) => {
    const { multiplyAdds } = countCell(KNOWN_CELLS[name], input).scopes.branches!
    expect(Math.abs(multiplyAdds / 1e9 / published - 1)).toBeLessThan(0.005)
  })
})

test('the parts add up to the whole', () => {
  const { scopes, ...whole } = countCell(KNOWN_CELLS.aspp, [320, 33, 33])
  for (const [key, total] of Object.entries(whole))
    expect(Object.values(scopes).reduce((sum, part) => sum + part[key as keyof typeof part], 0)).toBe(total)
})

test('counting allocates nothing: a cell that no machine could hold is counted from its shapes', () => {
  const channels = 1e9
  const { scopes } = countCell(KNOWN_CELLS['dpc-top1'], [channels, 65, 129])
  expect(scopes.branches!.convolutionWeights).toBe(channels * (9 + 256) + 4 * (9 * 256 + 256 * 256))
})
