import type { TensorType } from '../tensor.ts'
import { same } from './convolution.ts'
import type { OnnxEmitter } from './onnx/emitter.ts'
import {
  type Activation,
  convolveNchwc,
  fromNchwc,
  isNchwc,
  meanOverPositions,
  padChannels,
  paddedChannels,
  toNchwc,
  unpadChannels,
} from './onnx/nchwc.ts'
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
  if (isNchwc(emit, x)) {
    const byImage = meanOverPositions(emit, toNchwc(emit, x))
    return unpadChannels(emit, overImages(emit, byImage, [n!, paddedChannels(emit.block, c!)], 1 / n!), c!)
  }
  const images = emit.node('Reshape', [x, emit.ints([n!, c!, h! * w!])])
  const byImage = reduce(emit, 'ReduceMean', images, [2], 0)
  return overImages(emit, byImage, [n!, c!], 1 / n!)
}

/** The sum over images of numbers [N,C], times a factor: [C]. A matrix product, many times as fast as ONNX Runtime's ReduceSum. */
function overImages(emit: OnnxEmitter, x: string, shape: readonly [number, number], factor: number): string {
  const factors = emit.floats([shape[0]], new Float32Array(shape[0]).fill(factor))
  return emit.node('MatMul', [factors, emit.node('Reshape', [x, emit.ints(shape)])])
}

/**
 * The mean of the product of two maps [N,C,H,W] by channel: [C]. In NCHWc, it is a depthwise convolution of one with the
 * other, which does not write the product to memory.
 */
export function channelProduct(emit: OnnxEmitter, a: string, b: string, shape: readonly number[]): string {
  if (!isNchwc(emit, a) && !isNchwc(emit, b)) return channelMean(emit, emit.node('Mul', [a, b]), shape)
  const [n, c, h, w] = shape as [number, number, number, number]
  const channels = paddedChannels(emit.block, c)
  const row = (x: string, shape: readonly number[]) =>
    emit.node('Reshape', [toNchwc(emit, x), emit.ints(shape)])
  const sums = convolveNchwc(
    emit,
    {
      x: row(a, [1, n * channels, 1, h * w]),
      filter: row(b, [n * channels, 1, 1, h * w]),
      kernel: [1, h * w],
    },
    same([1, 1], { groups: n * channels }),
  )
  return unpadChannels(emit, overImages(emit, sums, [n, channels], 1 / (n * h * w)), c)
}

/** Numbers [C] along the channels of a map [N,C,H,W]. */
export const alongChannels = (emit: OnnxEmitter, x: string, [, c]: readonly number[]): string =>
  emit.node('Reshape', [x, emit.ints([1, c!, 1, 1])])

interface Affine {
  readonly scale: string
  readonly shift?: string
  readonly addend?: string
  readonly activation?: Activation
}

/** scale · x + shift + addend by channel, for a map [N,C,H,W] in NCHWc: a depthwise 1x1 convolution. */
export const nchwcAffine = (emit: OnnxEmitter, x: string, shape: readonly number[], affine: Affine): string =>
  fromNchwc(emit, convolveAffine(emit, x, shape, affine), shape)

function convolveAffine(
  emit: OnnxEmitter,
  x: string,
  [, c]: readonly number[],
  { scale, shift, addend, activation }: Affine,
  as?: string,
): string {
  const channels = paddedChannels(emit.block, c!)
  return convolveNchwc(
    emit,
    {
      x: toNchwc(emit, x),
      filter: byChannel(emit, padChannels(emit, scale, [c!]), channels),
      kernel: [1, 1],
      as,
      ...(activation !== undefined && { activation }),
      ...(shift !== undefined && { bias: padChannels(emit, shift, [c!]) }),
      ...(addend !== undefined && { addend: toNchwc(emit, addend) }),
    },
    same([1, 1], { groups: channels }),
  )
}

/** Numbers [C] as depthwise 1x1 filters. */
const byChannel = (emit: OnnxEmitter, x: string, channels: number): string =>
  emit.node('Reshape', [x, emit.ints([channels, 1, 1, 1])])

/** A map in NCHWc times a scale by channel, [C]: deferred, as a depthwise convolution that reads it folds the scale into its filter. */
export function deferScale(emit: OnnxEmitter, map: string, scale: string, shape: readonly number[]): string {
  const nchwc = emit.lazy((as) => convolveAffine(emit, map, shape, { scale }, as))
  const scaled = fromNchwc(emit, nchwc, shape)
  emit.deferredScales.set(scaled, { map, scale })
  return scaled
}

/** A map without its deferred scale, and depthwise filters with the scale folded in. */
export function foldScale(emit: OnnxEmitter, map: string, filter: string, channels: number) {
  const scaled = emit.deferredScales.get(map)
  if (scaled === undefined) return { map, filter }
  return { map: scaled.map, filter: emit.node('Mul', [filter, byChannel(emit, scaled.scale, channels)]) }
}

/** Normalisation as scale · x + shift by channel: scale = gamma / √(variance + ε), shift = beta - mean · scale. */
export function affineOf(emit: OnnxEmitter, statistics: readonly string[], epsilon: number) {
  const [gamma, beta, mean, variance] = statistics as [string, string, string, string]
  const deviation = emit.node('Sqrt', [emit.node('Add', [variance, emit.float(epsilon)])])
  const scale = emit.node('Div', [gamma, deviation])
  return { scale, shift: emit.node('Sub', [beta, emit.node('Mul', [mean, scale])]) }
}

/** (x - mean) / √(variance + ε) · gamma + beta by channel. @param operands a map [N,C,H,W], then gamma, beta, mean, variance [C] */
export function normalised(
  emit: OnnxEmitter,
  operands: readonly string[],
  shape: readonly number[],
  epsilon: number,
): string {
  const [x, ...statistics] = operands as [string, ...string[]]
  if (!isNchwc(emit, x)) return emit.node('BatchNormalization', operands, { epsilon: { float: epsilon } })
  return nchwcAffine(emit, x, shape, affineOf(emit, statistics, epsilon))
}
