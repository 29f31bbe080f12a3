import type { TopformerNetwork } from '../../nets/topformer/network.ts'
import type { TopformerGenotype } from './genotype.ts'
import { STRIDES } from './space.ts'

/** The network of a genotype, as the released code builds it: relu6 everywhere. */
export const networkOf = (
  { stem, convolutions, transformers, injection }: TopformerGenotype,
  { attentionScale = false }: { readonly attentionScale?: boolean } = {},
): TopformerNetwork => ({
  stem,
  stages: convolutions.map(({ width: channels, depth, kernel, expansion }, stage) =>
    Array.from({ length: depth }, (_, block) => ({
      kernel,
      expansion,
      channels,
      stride: block === 0 ? STRIDES[stage]! : 1,
    })),
  ),
  transformers,
  injection,
  depthwiseHead: false,
  activation: 'relu6',
  attentionScale,
})
