import type { TensorType } from '../tensor.ts'
import type { OnnxEmitter } from './onnx/emitter.ts'
import { ShapeMismatch } from './op.ts'

/** Scales, shifts and statistics of a normalisation are [C] for a map [N,C,H,W]. */
export function checkPerChannel(x: TensorType, perChannel: readonly TensorType[]): void {
  if (x.shape.length !== 4 || perChannel.some(({ shape }) => shape.length !== 1 || shape[0] !== x.shape[1]))
    throw new ShapeMismatch('needs [N,C,H,W] and [C] for each of the others')
}

/**
 * Reduces a map [N,C,H,W] to [C]: by image first, whose positions lie side by side, then over the images. All three axes at
 * once take ONNX Runtime one and a half times as long.
 */
export function perChannel(
  emit: OnnxEmitter,
  reduction: 'ReduceMean' | 'ReduceSum',
  x: string,
  [n, c, h, w]: readonly number[],
): string {
  const flat = emit.shared('Reshape', [x, emit.ints([n!, c!, h! * w!])])
  const byImage = emit.node(reduction, [flat, emit.ints([2])], { keepdims: 0 })
  return emit.node(reduction, [byImage, emit.ints([0])], { keepdims: 0 })
}
