import { type Convolution, filterGradientOf, outputSize } from '../../../convolution.ts'
import { kernelTaps } from '../../kernel-taps.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { flipped, inputGradientOf } from './flipped.ts'
import {
  convolveMap,
  convolveNchwc,
  type FilterGradientShapes,
  fromNchwc,
  type InputGradientShapes,
  nchwcFilter,
  paddedChannels,
  type Shape,
  toNchwc,
} from './nchwc.ts'

/*
 * Depthwise convolutions in NCHWc. ONNX Runtime's NCHW kernel copies every window (im2col) before it multiplies, which for the
 * 33 x 33 windows of a filter gradient takes seven times as long (bench/README.md).
 */

interface Operands {
  readonly filter: string
  readonly filterShape: Shape
  readonly bias?: string | undefined
}

/** A depthwise convolution of x [N,C,H,W] with filters [C,1,h,w]. @returns [N,C,H',W'] */
export function nchwcDepthwise(
  emit: BlockedEmitter,
  x: string,
  shape: Shape,
  { filter, filterShape, bias }: Operands,
  convolution: Convolution,
): string {
  const filters = { filter: nchwcFilter(emit, filter, filterShape), filterShape, bias }
  const groups = paddedChannels(emit.block, filterShape[0]!)
  return convolveMap(emit, x, shape, filters, { ...convolution, groups })
}

/** Gradient by the input: a convolution of dy, with zeros between its rows and columns for the stride, with the flipped filter. */
export function nchwcDepthwiseInputGradient(
  emit: BlockedEmitter,
  dy: string,
  filter: string,
  shapes: InputGradientShapes,
  convolution: Convolution,
): string {
  const [n, c, height, width] = shapes.dy as [number, number, number, number]
  const { stride } = convolution
  return nchwcDepthwise(
    emit,
    zeroInserted(emit, dy, shapes.dy, stride),
    [n, c, height * stride[0], width * stride[1]],
    { filter: flipped(emit, filter), filterShape: shapes.filter },
    inputGradientOf(shapes, convolution),
  )
}

/** Maps [N,C,H,W] with zeros after every row and column: [N,C,s·H,t·W] for the stride [s, t]. */
function zeroInserted(
  emit: BlockedEmitter,
  x: string,
  [n, c, h, w]: Shape,
  [s, t]: Convolution['stride'],
): string {
  if (s === 1 && t === 1) return x
  const { block } = emit
  const channels = paddedChannels(emit.block, c!)
  const rows = (n! * channels * h!) / block
  // In NCHWc, the elements of a column are contiguous, and so are those of a row.
  const contiguous = emit.node('Reshape', [toNchwc(emit, x), emit.ints([rows, 1, w!, 1, block])])
  const padded = emit.node('Pad', [contiguous, emit.ints([0, 0, 0, 0, 0, 0, s - 1, 0, t - 1, 0])])
  const maps = emit.node('Reshape', [padded, emit.ints([n!, channels, s * h!, t * w!])])
  return fromNchwc(emit, maps, [n!, c!, s * h!, t * w!])
}

/**
 * Gradient by the filter: for every image and channel, a depthwise convolution of x with dy as the filter, stride and
 * dilation exchanged; then the sum over images.
 */
export function nchwcDepthwiseFilterGradient(
  emit: BlockedEmitter,
  x: string,
  dy: string,
  shapes: FilterGradientShapes,
  convolution: Convolution,
): string {
  const [n, c, height, width] = shapes.x as [number, number, number, number]
  const [, , rows, columns] = shapes.dy as [number, number, number, number]
  const [, , h, w] = shapes.filter as [number, number, number, number]
  const channels = paddedChannels(emit.block, c)
  const gradientByImage = filterGradientOf(convolution, n * channels)
  const maps = [1, n * channels, height, width]
  const perImage = convolveNchwc(
    emit,
    {
      // Images of whole blocks, one after another, are one image of more blocks.
      x: emit.node('Reshape', [toNchwc(emit, x), emit.ints(maps)]),
      filter: emit.node('Reshape', [toNchwc(emit, dy), emit.ints([n * channels, 1, rows, columns])]),
      kernel: [rows, columns],
    },
    gradientByImage,
  )
  const [tapRows, tapColumns] = outputSize(maps, [rows, columns], gradientByImage)
  const byImage = emit.node('Reshape', [perImage, emit.ints([n, channels * tapRows * tapColumns])])
  const sum = emit.node('ReduceSum', [byImage, emit.ints([0])])
  const taps = [1, c, tapRows, tapColumns]
  const blocks = emit.node('Reshape', [sum, emit.ints([1, channels, tapRows, tapColumns])])
  const all = fromNchwc(emit, blocks, taps)
  const ofKernel = kernelTaps(emit, all, [tapRows, tapColumns], [h, w])
  return emit.node('Reshape', [ofKernel, emit.ints(shapes.filter)])
}
