import type { PyramidBlock, TopformerNetwork } from './network.ts'

type Row = readonly [kernel: number, expansion: number, channels: number, stride: number]

interface Published {
  readonly stages: readonly (readonly Row[])[]
  readonly injection: number
  readonly heads: number
  readonly depthwiseHead?: boolean
}

/** The released configurations (hustvl/TopFormer, local_configs/topformer). */
const network = ({ stages, injection, heads, depthwiseHead = false }: Published): TopformerNetwork => ({
  stem: 16,
  stages: stages.map((rows) =>
    rows.map(
      ([kernel, expansion, channels, stride]): PyramidBlock => ({ kernel, expansion, channels, stride }),
    ),
  ),
  transformers: [{ heads, keyDim: 16, attentionRatio: 2, mlpRatio: 2, depth: 4 }],
  injection,
  depthwiseHead,
  activation: 'relu',
  attentionScale: false,
})

/** By name. */
export const TOPFORMERS: Readonly<Record<'topformer-b' | 'topformer-s' | 'topformer-t', TopformerNetwork>> = {
  'topformer-b': network({
    stages: [
      [[3, 1, 16, 1]],
      [
        [3, 4, 32, 2],
        [3, 3, 32, 1],
      ],
      [
        [5, 3, 64, 2],
        [5, 3, 64, 1],
      ],
      [
        [3, 3, 128, 2],
        [3, 3, 128, 1],
      ],
      [
        [5, 6, 160, 2],
        [5, 6, 160, 1],
        [3, 6, 160, 1],
      ],
    ],
    injection: 256,
    heads: 8,
  }),
  'topformer-s': network({
    stages: [
      [[3, 1, 16, 1]],
      [
        [3, 4, 24, 2],
        [3, 3, 24, 1],
      ],
      [
        [5, 3, 48, 2],
        [5, 3, 48, 1],
      ],
      [
        [3, 3, 96, 2],
        [3, 3, 96, 1],
      ],
      [
        [5, 6, 128, 2],
        [5, 6, 128, 1],
        [3, 6, 128, 1],
      ],
    ],
    injection: 192,
    heads: 6,
  }),
  'topformer-t': network({
    stages: [
      [[3, 1, 16, 1]],
      [
        [3, 4, 16, 2],
        [3, 3, 16, 1],
      ],
      [
        [5, 3, 32, 2],
        [5, 3, 32, 1],
      ],
      [
        [3, 3, 64, 2],
        [3, 3, 64, 1],
      ],
      [
        [5, 6, 96, 2],
        [5, 6, 96, 1],
      ],
    ],
    injection: 128,
    heads: 4,
    depthwiseHead: true,
  }),
}
