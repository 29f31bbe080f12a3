import { same } from '../../../convolution.ts'
import * as plain from '../../../normalisation.ts'
import type { OnnxEmitter } from '../../emitter.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import {
  type Activation,
  convolveNchwc,
  fromNchwc,
  isNchwc,
  padChannels,
  paddedChannels,
  type Shape,
  toNchwc,
} from './nchwc.ts'

/* Scales and shifts by channel, as depthwise 1x1 convolutions of maps in NCHWc. */

interface Affine {
  readonly scale: string
  readonly shift?: string
  readonly addend?: string
  readonly activation?: Activation
}

/** scale · x + shift + addend by channel, for a map [N,C,H,W] in NCHWc: a depthwise 1x1 convolution. */
export const nchwcAffine = (emit: BlockedEmitter, x: string, shape: Shape, affine: Affine): string =>
  fromNchwc(emit, convolveAffine(emit, x, shape, affine), shape)

function convolveAffine(
  emit: BlockedEmitter,
  x: string,
  [, c]: Shape,
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
export function deferScale(emit: BlockedEmitter, map: string, scale: string, shape: Shape): string {
  const nchwc = emit.lazy((as) => convolveAffine(emit, map, shape, { scale }, as))
  const scaled = fromNchwc(emit, nchwc, shape)
  emit.deferredScales.set(scaled, { map, scale })
  return scaled
}

/** A map without its deferred scale, and depthwise filters with the scale folded in. */
export function foldScale(emit: BlockedEmitter, map: string, filter: string, channels: number) {
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
  emit: BlockedEmitter,
  operands: readonly string[],
  shape: Shape,
  epsilon: number,
): string {
  const [x, ...statistics] = operands as [string, ...string[]]
  if (!isNchwc(emit, x)) return plain.normalised(emit, operands, epsilon)
  return nchwcAffine(emit, x, shape, affineOf(emit, statistics, epsilon))
}
