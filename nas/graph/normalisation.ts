import type { TensorType } from '../tensor.ts'
import { ShapeMismatch } from './op.ts'

/** Scales, shifts and statistics of a normalisation are [C] for a map [N,C,H,W]. */
export function checkPerChannel(x: TensorType, perChannel: readonly TensorType[]): void {
  if (x.shape.length !== 4 || perChannel.some(({ shape }) => shape.length !== 1 || shape[0] !== x.shape[1]))
    throw new ShapeMismatch('needs [N,C,H,W] and [C] for each of the others')
}
