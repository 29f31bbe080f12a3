import { type Convolution, filterGradientOf, outputSize } from '../../../convolution.ts'
import { kernelTaps } from '../../kernel-taps.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { flipped, inputGradientOf } from './flipped.ts'
import {
  canBeBlocked,
  convolveMap,
  type FilterGradientShapes,
  filterTiles,
  type InputGradientShapes,
  paddedChannels,
  type Shape,
} from './nchwc.ts'

/*
 * Convolutions over all channels, of more than one tap, in NCHWc. ONNX Runtime's NCHW kernel copies every window (im2col) before it
 * multiplies; this one reads maps where they are.
 */

/** As many multiply-adds as are needed may go to zeros that pad the last blocks. */
const MOST_PADDING = 2

/** Whether such a convolution is faster in NCHWc: where both its channels nearly fill their blocks. */
export const suitsUngrouped = (
  emit: BlockedEmitter,
  channels: readonly [number, number],
  [h, w]: readonly number[],
  { groups }: Convolution,
): boolean =>
  groups === 1 &&
  h! * w! > 1 &&
  channels.every((c) => canBeBlocked(emit, c)) &&
  channels.reduce((ratio, c) => (ratio * paddedChannels(emit.block, c)) / c, 1) <= MOST_PADDING

interface Operands {
  /** [K,C,h,w], or [C,K,h,w] where it is transposed. */
  readonly filter: string
  /** [K,C,h,w] */
  readonly filterShape: Shape
  readonly transposed: boolean
  /** [K] */
  readonly bias?: string | undefined
}

/** x [N,C,H,W] to [N,K,H',W']. */
export function nchwcUngrouped(
  emit: BlockedEmitter,
  x: string,
  shape: Shape,
  { filter, filterShape, transposed, bias }: Operands,
  convolution: Convolution,
): string {
  const [k, c, h, w] = filterShape as [number, number, number, number]
  const tiles = filterTiles(emit, filter, { channels: [k, c], taps: [h, w], transposed })
  return convolveMap(emit, x, shape, { filter: tiles, filterShape, bias }, convolution)
}

/** Gradient by the input, of a convolution without stride: a convolution of dy with the flipped filter. */
export function nchwcUngroupedInputGradient(
  emit: BlockedEmitter,
  dy: string,
  filter: string,
  shapes: InputGradientShapes,
  convolution: Convolution,
): string {
  const [k, c, ...taps] = shapes.filter as [number, number, ...number[]]
  return nchwcUngrouped(
    emit,
    dy,
    shapes.dy,
    { filter: flipped(emit, filter), filterShape: [c, k, ...taps], transposed: true },
    inputGradientOf(shapes, convolution),
  )
}

/** Gradient by the filter: a convolution of x with dy as the filter, batch and channels, stride and dilation exchanged. */
export function nchwcUngroupedFilterGradient(
  emit: BlockedEmitter,
  x: string,
  dy: string,
  shapes: FilterGradientShapes,
  convolution: Convolution,
): string {
  const [n, c, height, width] = shapes.x as [number, number, number, number]
  const [, k, rows, columns] = shapes.dy as [number, number, number, number]
  const [, , h, w] = shapes.filter as [number, number, number, number]
  const gradient = filterGradientOf(convolution, 1)
  const shape = [c, n, height, width]
  const all = nchwcUngrouped(
    emit,
    emit.node('Transpose', [x], { perm: [1, 0, 2, 3] }),
    shape,
    { filter: dy, filterShape: [k, n, rows, columns], transposed: true },
    gradient,
  )
  const taps = kernelTaps(emit, all, outputSize(shape, [rows, columns], gradient), [h, w])
  return emit.node('Transpose', [taps], { perm: [1, 0, 2, 3] })
}
