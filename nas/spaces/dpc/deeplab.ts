import { z } from 'zod'
import {
  type DpcBranch,
  type DpcGenotype,
  FEATURES,
  parseCell,
  parseDpcGenotype,
  unknownOperation,
} from './genotype.ts'

// The notation of tensorflow/models, research/deeplab/core/dense_prediction_cell.py, which ignores all other keys.
const pair = z.tuple([z.int(), z.int()])
const kernel = z
  .union([z.literal([1, 3]), z.tuple([z.literal(1), z.literal(1)]), z.tuple([z.literal(3), z.literal(3)])], {
    error: ({ input }) => `${JSON.stringify(input)} is neither 1 nor 3`,
  })
  .transform((side) => (typeof side === 'number' ? side : side[0]))

const branchSchema = z.discriminatedUnion(
  'op',
  [
    z.object({ op: z.literal('conv'), kernel, rate: pair.optional(), input: z.int() }),
    z.object({ op: z.literal('pyramid_pooling'), grid_size: pair, input: z.int() }),
  ],
  { error: unknownOperation('op', ['conv', 'pyramid_pooling']) },
)

/** A branch as DeepLab writes it: a negative `input` is the backbone's features. */
export type DeepLabBranch =
  | { readonly kernel: 1; readonly op: 'conv'; readonly input: number }
  | {
      readonly kernel: 3
      readonly rate: readonly [number, number]
      readonly op: 'conv'
      readonly input: number
    }
  | { readonly grid_size: readonly [number, number]; readonly op: 'pyramid_pooling'; readonly input: number }

/**
 * Reads the parsed JSON of a cell as DeepLab publishes it.
 * @throws TrellisError `invalid-genotype` naming the branch (from 0) that is not in the space.
 */
export const fromDeepLab = (json: unknown): DpcGenotype =>
  parseDpcGenotype({
    space: 'dpc',
    version: 1,
    branches: parseCell(z.array(branchSchema), json).map((branch) => ({
      input: Math.max(branch.input, FEATURES),
      operation:
        branch.op === 'pyramid_pooling'
          ? { kind: 'pyramid-pooling', grid: branch.grid_size }
          : branch.kernel === 1
            ? { kind: 'conv1x1' }
            : { kind: 'atrous', rate: branch.rate },
    })),
  })

/** Writes a cell for DeepLab, keys in the order of its published files. */
export const toDeepLab = ({ branches }: DpcGenotype): readonly DeepLabBranch[] =>
  branches.map(toDeepLabBranch)

function toDeepLabBranch({ input, operation }: DpcBranch): DeepLabBranch {
  switch (operation.kind) {
    case 'conv1x1':
      return { kernel: 1, op: 'conv', input }
    case 'atrous':
      return { kernel: 3, rate: operation.rate, op: 'conv', input }
    case 'pyramid-pooling':
      return { grid_size: operation.grid, op: 'pyramid_pooling', input }
  }
}
