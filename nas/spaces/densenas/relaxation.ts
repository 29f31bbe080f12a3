import { softmax } from '../../metrics/softmax.ts'

/**
 * A number for every candidate operation of every layer in a space: its architecture parameter, its weight, its cost.
 * The last convolution is a block whose head layers have one candidate; the first block, which is fixed, has no layers.
 */
export interface PerOperation {
  /** By block, by its input (nearest first), by operation. */
  readonly head: readonly (readonly (readonly number[])[])[]
  /** By block, by layer, by operation, the last of which skips the layer. */
  readonly stack: readonly (readonly (readonly number[])[])[]
}

/** alpha of the layers, and beta of the paths: by block, by its output (nearest first). */
export interface ArchitectureParameters extends PerOperation {
  readonly beta: readonly (readonly number[])[]
}

/** w of the layers (Eq. 1), and p of the paths (Eq. 3): by block, by its output (nearest first). */
export interface Relaxation extends PerOperation {
  readonly paths: readonly (readonly number[])[]
}

/** Eq. 1 and 3. */
export const relax = ({ beta, head, stack }: ArchitectureParameters): Relaxation => ({
  paths: beta.map(softmax),
  head: head.map((inputs) => inputs.map(softmax)),
  stack: stack.map((layers) => layers.map(softmax)),
})

/** Applies a function to every softmax. */
export const mapSoftmaxes = (
  { paths, head, stack }: Relaxation,
  change: (values: readonly number[]) => readonly number[],
): Relaxation => ({
  paths: paths.map(change),
  head: head.map((inputs) => inputs.map(change)),
  stack: stack.map((layers) => layers.map(change)),
})
