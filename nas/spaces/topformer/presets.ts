import type { ConvolutionChoices, TopformerSpace, TransformerChoices } from './space.ts'

/** The tuples of Table 1: lowest, highest, step. Steps are counted in tenths, as 0.1 is no binary fraction. */
const range = (low: number, high: number, step: number): readonly number[] =>
  Array.from(
    { length: Math.round((high - low) / step) + 1 },
    (_, i) => Math.round(10 * (low + i * step)) / 10,
  )

const convolutions = (
  width: readonly number[],
  depth: readonly number[],
  expansion: readonly number[],
): ConvolutionChoices => ({ width, depth, kernel: [3, 5], expansion })

const alike = (stage: TransformerChoices): readonly TransformerChoices[] => [stage, stage, stage, stage]

const TABLE_1 = {
  keyDim: range(12, 20, 2),
  attentionRatio: range(1.6, 2.4, 0.2),
  mlpRatio: range(1.6, 2.4, 0.2),
  depth: [1, 2],
}

/** Search spaces, by name. */
export const TOPFORMER_SPACES = {
  /** Table 1. */
  'topformer-full': {
    stem: [16, 24],
    convolutions: [
      convolutions([16, 24], [1, 2], [1]),
      convolutions(range(16, 40, 8), [1, 2, 3], [3, 4, 5]),
      convolutions(range(24, 72, 8), [1, 2, 3], [2, 3, 4, 5]),
      convolutions(range(56, 136, 8), [1, 2, 3], [2, 3, 4, 5]),
      convolutions(range(88, 176, 8), [1, 2, 3, 4], [4, 5, 6, 7]),
    ],
    transformers: alike({ heads: range(2, 12, 2), ...TABLE_1 }),
    injection: 256,
  },
  /** The supernet of the released configuration, for 1.8 G. */
  'topformer-base': {
    stem: [16, 24],
    convolutions: [
      convolutions([16, 24], [1, 2], [1]),
      convolutions([24, 32, 40], [1, 2, 3], [3, 4, 5]),
      convolutions([56, 64, 72], [1, 2, 3], [2, 3, 4, 5]),
      convolutions([112, 120, 128, 136], [1, 2, 3], [2, 3, 4, 5]),
      convolutions([152, 160, 168, 176], [2, 3, 4], [4, 5, 6, 7]),
    ],
    transformers: alike({ heads: range(4, 12, 2), ...TABLE_1 }),
    injection: 256,
  },
  /** For 1.2 G: the part of Table 1 around the published network, as this supernet has not been released. */
  'topformer-small': {
    stem: [16, 24],
    convolutions: [
      convolutions([16, 24], [1, 2], [1]),
      convolutions([16, 24, 32], [1, 2, 3], [3, 4, 5]),
      convolutions([40, 48, 56], [1, 2, 3], [2, 3, 4, 5]),
      convolutions([88, 96, 104, 112], [1, 2, 3], [2, 3, 4, 5]),
      convolutions([120, 128, 136, 144], [2, 3, 4], [4, 5, 6, 7]),
    ],
    transformers: alike({ heads: range(4, 10, 2), ...TABLE_1 }),
    injection: 192,
  },
  /** For 0.6 G, likewise. */
  'topformer-tiny': {
    stem: [16],
    convolutions: [
      convolutions([16], [1, 2], [1]),
      convolutions([16, 24], [1, 2, 3], [3, 4, 5]),
      convolutions([24, 32, 40], [1, 2, 3], [2, 3, 4, 5]),
      convolutions([56, 64, 72, 80], [1, 2, 3], [2, 3, 4, 5]),
      convolutions([88, 96, 104, 112], [1, 2, 3], [4, 5, 6, 7]),
    ],
    transformers: alike({ heads: range(2, 6, 2), ...TABLE_1 }),
    injection: 128,
  },
  /** The smallest that has every kind of choice, for images of 128x256. */
  'topformer-street': {
    stem: [8, 16],
    convolutions: [
      convolutions([8, 16], [1], [1]),
      convolutions([16, 24], [1, 2], [2, 3]),
      convolutions([24, 32, 40], [1, 2], [2, 3]),
      convolutions([40, 48, 56, 64], [1, 2], [2, 3]),
      convolutions([64, 80, 96], [1, 2], [3, 4]),
    ],
    transformers: alike({
      heads: [2, 3, 4],
      keyDim: [8, 12, 16],
      attentionRatio: [1.5, 2],
      mlpRatio: [1.5, 2],
      depth: [1, 2],
    }),
    injection: 64,
  },
} as const satisfies Record<string, TopformerSpace>
