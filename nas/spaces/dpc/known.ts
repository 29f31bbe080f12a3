import { fromDeepLab } from './deeplab.ts'
import { type DpcGenotype, type DpcOperation, FEATURES } from './genotype.ts'

/** Figure 5 (a), as published: tensorflow/models, dense_prediction_cell_branch5_top1_cityscapes.json. */
const top1 = fromDeepLab([
  { kernel: 3, rate: [1, 6], op: 'conv', input: -1 },
  { kernel: 3, rate: [18, 15], op: 'conv', input: 0 },
  { kernel: 3, rate: [6, 3], op: 'conv', input: 1 },
  { kernel: 3, rate: [1, 1], op: 'conv', input: 0 },
  { kernel: 3, rate: [6, 21], op: 'conv', input: 0 },
])

const parallel = (operations: readonly DpcOperation[]): DpcGenotype => ({
  space: 'dpc',
  version: 1,
  branches: operations.map((operation) => ({ input: FEATURES, operation })),
})

/** Cells from the literature, by name. */
export const KNOWN_CELLS = {
  'dpc-top1': top1,
  /** Atrous spatial pyramid pooling (DeepLab v3+) at output stride 16. */
  aspp: parallel([
    { kind: 'conv1x1' },
    { kind: 'atrous', rate: [6, 6] },
    { kind: 'atrous', rate: [12, 12] },
    { kind: 'atrous', rate: [18, 18] },
    { kind: 'pyramid-pooling', grid: [1, 1] },
  ]),
} as const satisfies Record<string, DpcGenotype>
