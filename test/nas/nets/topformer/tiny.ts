import type { TopformerNetwork } from '../../../../nas/nets/topformer/network.ts'

/** The smallest that has every kind of layer. */
export const TINY: TopformerNetwork = {
  stem: 4,
  stages: [
    [{ kernel: 3, expansion: 1, channels: 4, stride: 1 }],
    [
      { kernel: 3, expansion: 2, channels: 6, stride: 2 },
      { kernel: 3, expansion: 2, channels: 6, stride: 1 },
    ],
    [{ kernel: 5, expansion: 3, channels: 8, stride: 2 }],
    [{ kernel: 3, expansion: 2, channels: 10, stride: 2 }],
    [{ kernel: 3, expansion: 2, channels: 12, stride: 2 }],
  ],
  transformers: [
    { heads: 2, keyDim: 3, attentionRatio: 1.5, mlpRatio: 1.5, depth: 1 },
    { heads: 3, keyDim: 4, attentionRatio: 2, mlpRatio: 2, depth: 2 },
  ],
  injection: 8,
  depthwiseHead: false,
  activation: 'relu6',
  attentionScale: false,
}
