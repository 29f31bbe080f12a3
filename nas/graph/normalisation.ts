import type { TensorType } from '../tensor.ts'
import type { OnnxEmitter } from './onnx/emitter.ts'
import { reduce } from './onnx/reduce.ts'
import { ShapeMismatch } from './op.ts'

/** Scales, shifts and statistics of a normalisation are [C] for a map [N,C,H,W]. */
export function checkPerChannel(x: TensorType, perChannel: readonly TensorType[]): void {
  if (x.shape.length !== 4 || perChannel.some(({ shape }) => shape.length !== 1 || shape[0] !== x.shape[1]))
    throw new ShapeMismatch('needs [N,C,H,W] and [C] for each of the others')
}

/**
 * The mean of a map [N,C,H,W] by channel: [C]. First by image, whose positions are contiguous, then over images: ONNX Runtime
 * takes one and a half times as long for all three axes at once.
 */
export function channelMean(emit: OnnxEmitter, x: string, [n, c, h, w]: readonly number[]): string {
  const images = emit.node('Reshape', [x, emit.ints([n!, c!, h! * w!])])
  const byImage = reduce(emit, 'ReduceMean', images, [2], 0)
  return overImages(emit, byImage, [n!, c!], 1 / n!)
}

/** The sum over images of numbers [N,C], times a factor: [C]. A matrix product, many times as fast as ONNX Runtime's ReduceSum. */
export function overImages(
  emit: OnnxEmitter,
  x: string,
  shape: readonly [number, number],
  factor: number,
): string {
  const factors = emit.floats([shape[0]], new Float32Array(shape[0]).fill(factor))
  return emit.node('MatMul', [factors, emit.node('Reshape', [x, emit.ints(shape)])])
}

/** The mean of the product of two maps [N,C,H,W] by channel: [C]. */
export const channelProduct = (emit: OnnxEmitter, a: string, b: string, shape: readonly number[]): string =>
  channelMean(emit, emit.node('Mul', [a, b]), shape)

/** Numbers [C] along the channels of a map [N,C,H,W]. */
export const alongChannels = (emit: OnnxEmitter, x: string, [, c]: readonly number[]): string =>
  emit.node('Reshape', [x, emit.ints([1, c!, 1, 1])])

/** (x - mean) / √(variance + ε) · gamma + beta by channel. @param operands a map [N,C,H,W], then gamma, beta, mean, variance [C] */
export const normalised = (emit: OnnxEmitter, operands: readonly string[], epsilon: number): string =>
  emit.node('BatchNormalization', operands, { epsilon: { float: epsilon } })
