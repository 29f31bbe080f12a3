import { SPACE, type TopformerGenotype } from './genotype.ts'

/** Networks that the authors have published and that are points of a space, by name. */
export const KNOWN_TOPFORMER = {
  'efficient-topformer-s': {
    space: SPACE,
    version: 1,
    stem: 16,
    convolutions: [
      { width: 16, depth: 1, kernel: 5, expansion: 1 },
      { width: 16, depth: 1, kernel: 3, expansion: 4 },
      { width: 48, depth: 2, kernel: 3, expansion: 2 },
      { width: 96, depth: 2, kernel: 5, expansion: 4 },
      { width: 136, depth: 4, kernel: 5, expansion: 5 },
    ],
    transformers: [
      { heads: 6, keyDim: 16, attentionRatio: 1.8, mlpRatio: 1.8, depth: 1 },
      { heads: 4, keyDim: 12, attentionRatio: 1.8, mlpRatio: 1.8, depth: 1 },
      { heads: 6, keyDim: 18, attentionRatio: 2.2, mlpRatio: 1.8, depth: 2 },
      { heads: 10, keyDim: 18, attentionRatio: 2.4, mlpRatio: 2.2, depth: 2 },
    ],
    injection: 192,
  },
} as const satisfies Record<string, TopformerGenotype>
