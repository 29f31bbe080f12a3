import type { ConvolutionChoices, TopformerSpace } from '../../../../nas/spaces/topformer/space.ts'

const stage = (
  width: readonly number[],
  depth: readonly number[],
  expansion: readonly number[],
): ConvolutionChoices => ({
  width,
  depth,
  kernel: [3, 5],
  expansion,
})

/** The smallest in which every number can be chosen. */
export const TINY_SPACE: TopformerSpace = {
  stem: [2, 4],
  convolutions: [
    stage([2, 4], [1, 2], [1]),
    stage([4, 6], [1, 2], [2, 3]),
    stage([4, 6], [1, 2], [2, 3]),
    stage([6, 8], [1, 2], [2, 3]),
    stage([6, 10], [1, 2], [2, 3]),
  ],
  transformers: Array.from({ length: 4 }, () => ({
    heads: [1, 2, 3],
    keyDim: [2, 4],
    attentionRatio: [1, 1.5],
    mlpRatio: [1.2, 2],
    depth: [1, 2],
  })),
  injection: 6,
}
