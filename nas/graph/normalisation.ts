import type { TensorType } from '../tensor.ts'
import { same } from './convolution.ts'
import {
  type Activation,
  convolveBlocks,
  filled,
  filledUp,
  fromBlocks,
  inBlocks,
  meanOverPositions,
  toBlocks,
  unfilled,
} from './onnx/nchwc.ts'
import type { OnnxEmitter } from './onnx/emitter.ts'
import { ShapeMismatch } from './op.ts'

/** Scales, shifts and statistics of a normalisation are [C] for a map [N,C,H,W]. */
export function checkPerChannel(x: TensorType, perChannel: readonly TensorType[]): void {
  if (x.shape.length !== 4 || perChannel.some(({ shape }) => shape.length !== 1 || shape[0] !== x.shape[1]))
    throw new ShapeMismatch('needs [N,C,H,W] and [C] for each of the others')
}

/**
 * The mean of a map [N,C,H,W] by channel: [C]. By image first, whose positions lie side by side, then over the images: all
 * three axes at once take ONNX Runtime one and a half times as long.
 */
export function channelMean(emit: OnnxEmitter, x: string, [n, c, h, w]: readonly number[]): string {
  if (inBlocks(emit, x)) {
    const byImage = meanOverPositions(emit, toBlocks(emit, x))
    return unfilled(emit, overImages(emit, byImage, [n!, filled(emit.block, c!)], 1 / n!), c!)
  }
  const images = emit.node('Reshape', [x, emit.ints([n!, c!, h! * w!])])
  const byImage = emit.node('ReduceMean', [images, emit.ints([2])], { keepdims: 0 })
  return overImages(emit, byImage, [n!, c!], 1 / n!)
}

/** The sum over images of numbers [N,C], times a factor: [C]. A product; ONNX Runtime's sum over them takes many times as long. */
function overImages(emit: OnnxEmitter, x: string, shape: readonly [number, number], factor: number): string {
  const factors = emit.floats([shape[0]], new Float32Array(shape[0]).fill(factor))
  return emit.node('MatMul', [factors, emit.node('Reshape', [x, emit.ints(shape)])])
}

/**
 * The mean of the product of two maps [N,C,H,W] by channel: [C]. In blocks, it is a depthwise convolution of one with the
 * other, which spares the product's way through memory.
 */
export function channelProduct(emit: OnnxEmitter, a: string, b: string, shape: readonly number[]): string {
  if (!inBlocks(emit, a) && !inBlocks(emit, b)) return channelMean(emit, emit.node('Mul', [a, b]), shape)
  const [n, c, h, w] = shape as [number, number, number, number]
  const channels = filled(emit.block, c)
  const row = (x: string, shape: readonly number[]) =>
    emit.node('Reshape', [toBlocks(emit, x), emit.ints(shape)])
  const sums = convolveBlocks(
    emit,
    {
      x: row(a, [1, n * channels, 1, h * w]),
      filter: row(b, [n * channels, 1, 1, h * w]),
      kernel: [1, h * w],
    },
    same([1, 1], { groups: n * channels }),
  )
  return unfilled(emit, overImages(emit, sums, [n, channels], 1 / (n * h * w)), c)
}

interface Affine {
  readonly scale: string
  readonly shift?: string
  readonly addend?: string
  readonly activation?: Activation
}

/** scale · x + shift by channel, for a map [N,C,H,W] in blocks: a depthwise 1x1 convolution, which can add a map, too. */
export const blockedAffine = (
  emit: OnnxEmitter,
  x: string,
  shape: readonly number[],
  affine: Affine,
): string => fromBlocks(emit, affineInBlocks(emit, x, shape, affine), shape)

function affineInBlocks(
  emit: OnnxEmitter,
  x: string,
  [, c]: readonly number[],
  { scale, shift, addend, activation }: Affine,
  as?: string,
): string {
  const channels = filled(emit.block, c!)
  return convolveBlocks(
    emit,
    {
      x: toBlocks(emit, x),
      filter: byChannel(emit, filledUp(emit, scale, [c!]), channels),
      kernel: [1, 1],
      as,
      ...(activation !== undefined && { activation }),
      ...(shift !== undefined && { bias: filledUp(emit, shift, [c!]) }),
      ...(addend !== undefined && { addend: toBlocks(emit, addend) }),
    },
    same([1, 1], { groups: channels }),
  )
}

/** Numbers [C] as depthwise 1x1 filters. */
const byChannel = (emit: OnnxEmitter, x: string, channels: number): string =>
  emit.node('Reshape', [x, emit.ints([channels, 1, 1, 1])])

/** A map in blocks times a scale by channel, [C]. A depthwise convolution that reads it scales its filter, and spares a walk. */
export function scaledLater(emit: OnnxEmitter, map: string, scale: string, shape: readonly number[]): string {
  const blocks = emit.lazy((as) => affineInBlocks(emit, map, shape, { scale }, as))
  const scaled = fromBlocks(emit, blocks, shape)
  emit.scaled.set(scaled, { map, scale })
  return scaled
}

/** A map without its scale, and filters with one map a channel with it, for those that can do with the one and the other. */
export function scaleInFilter(emit: OnnxEmitter, map: string, filter: string, channels: number) {
  const scaled = emit.scaled.get(map)
  if (scaled === undefined) return { map, filter }
  return { map: scaled.map, filter: emit.node('Mul', [filter, byChannel(emit, scaled.scale, channels)]) }
}

/** What normalising is by channel: scale · x + shift, with scale = gamma / √(variance + ε) and shift = beta - mean · scale. */
export function normalisingAffine(emit: OnnxEmitter, statistics: readonly string[], epsilon: number) {
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
  if (!inBlocks(emit, x)) return emit.node('BatchNormalization', operands, { epsilon: { float: epsilon } })
  return blockedAffine(emit, x, shape, normalisingAffine(emit, statistics, epsilon))
}
