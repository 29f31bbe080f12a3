import { type Convolution, outputSize } from '../convolution.ts'
import {
  blockedFilter,
  convolveBlocks,
  filled,
  filledUp,
  fromBlocks,
  type Shape,
  toBlocks,
} from './nchwc.ts'
import type { OnnxEmitter } from './emitter.ts'

/*
 * Depthwise convolutions in blocks. ONNX Runtime's kernel for the plain layout copies every window out before it multiplies,
 * which for the 33 x 33 windows of a filter gradient costs seven times as much (bench/README.md).
 */

interface Operands {
  readonly filter: string
  readonly filterShape: Shape
  readonly bias?: string | undefined
}

/** x [N,C,H,W] with one filter a channel, [C,1,h,w]. @returns [N,C,H',W'] */
export function blockedDepthwise(
  emit: OnnxEmitter,
  x: string,
  shape: Shape,
  { filter, filterShape, bias }: Operands,
  convolution: Convolution,
): string {
  const [c, , h, w] = filterShape as [number, number, number, number]
  const y = convolveBlocks(
    emit,
    {
      x: toBlocks(emit, x),
      filter: blockedFilter(emit, filter, filterShape),
      kernel: [h, w],
      ...(bias && { bias: filledUp(emit, bias, [c]) }),
    },
    { ...convolution, groups: filled(emit.block, c) },
  )
  return fromBlocks(emit, y, [shape[0]!, c, ...outputSize(shape, [h, w], convolution)])
}

/** Gradient by the input: zeros between rows and columns of dy undo the stride, then it is a convolution with the filter turned around. */
export function blockedDepthwiseInputGradient(
  emit: OnnxEmitter,
  dy: string,
  filter: string,
  shapes: { readonly dy: Shape; readonly filter: Shape; readonly input: Shape },
  { stride, dilation, padding }: Convolution,
): string {
  const [n, c, height, width] = shapes.dy as [number, number, number, number]
  const spread = [height * stride[0], width * stride[1]] as const
  const turned = emit.node('Slice', [
    filter,
    emit.ints([-1, -1]),
    emit.ints([LAST, LAST]),
    emit.ints([2, 3]),
    emit.ints([-1, -1]),
  ])
  const reach = ([0, 1] as const).map((axis) => dilation[axis] * (shapes.filter[2 + axis]! - 1))
  const before = [reach[0]! - padding[0], reach[1]! - padding[1]] as const
  const after = ([0, 1] as const).map(
    (axis) => shapes.input[2 + axis]! - spread[axis] + reach[axis]! - before[axis],
  )
  return blockedDepthwise(
    emit,
    spaced(emit, dy, shapes.dy, stride),
    [n, c, ...spread],
    { filter: turned, filterShape: shapes.filter },
    { stride: [1, 1], dilation, groups: c, padding: [...before, after[0]!, after[1]!] },
  )
}

/** Maps [N,C,H,W] with zeros after every row and column: [N,C,s·H,t·W] for the stride [s, t]. */
function spaced(emit: OnnxEmitter, x: string, [n, c, h, w]: Shape, [s, t]: Convolution['stride']): string {
  if (s === 1 && t === 1) return x
  const { block } = emit
  const channels = filled(emit.block, c!)
  const rows = (n! * channels * h!) / block
  // A column of a block is a stretch of memory, and so is a row.
  const stretches = emit.node('Reshape', [toBlocks(emit, x), emit.ints([rows, 1, w!, 1, block])])
  const padded = emit.node('Pad', [stretches, emit.ints([0, 0, 0, 0, 0, 0, s - 1, 0, t - 1, 0])])
  const maps = emit.node('Reshape', [padded, emit.ints([n!, channels, s * h!, t * w!])])
  return fromBlocks(emit, maps, [n!, c!, s * h!, t * w!])
}

/** An end before the first element, for a slice that runs backwards. */
const LAST = -(2 ** 31)

/**
 * Gradient by the filter: every image and channel is a depthwise convolution of x with dy as its filter, stride and
 * dilation exchanged; then the sum over images.
 */
export function blockedDepthwiseFilterGradient(
  emit: OnnxEmitter,
  x: string,
  dy: string,
  shapes: { readonly x: Shape; readonly dy: Shape; readonly filter: Shape },
  { stride, dilation, padding }: Convolution,
): string {
  const [n, c, height, width] = shapes.x as [number, number, number, number]
  const [, , rows, columns] = shapes.dy as [number, number, number, number]
  const [, , h, w] = shapes.filter as [number, number, number, number]
  const channels = filled(emit.block, c)
  const exchanged = { stride: dilation, dilation: stride, padding, groups: n * channels }
  const maps = [1, n * channels, height, width]
  const perImage = convolveBlocks(
    emit,
    {
      // Blocks of one image are blocks of all.
      x: emit.node('Reshape', [toBlocks(emit, x), emit.ints(maps)]),
      filter: emit.node('Reshape', [toBlocks(emit, dy), emit.ints([n * channels, 1, rows, columns])]),
      kernel: [rows, columns],
    },
    exchanged,
  )
  const [tapRows, tapColumns] = outputSize(maps, [rows, columns], exchanged)
  const byImage = emit.node('Reshape', [perImage, emit.ints([n, channels * tapRows * tapColumns])])
  const sum = emit.node('ReduceSum', [byImage, emit.ints([0])])
  const taps = [1, c, tapRows, tapColumns]
  const blocks = emit.node('Reshape', [sum, emit.ints([1, channels, tapRows, tapColumns])])
  const all = fromBlocks(emit, blocks, taps)
  // A strided filter may leave rows and columns at the end out of reach, which show up as taps beyond the kernel's.
  const reached =
    tapRows === h && tapColumns === w
      ? all
      : emit.node('Slice', [all, emit.ints([0, 0]), emit.ints([h, w]), emit.ints([2, 3])])
  return emit.node('Reshape', [reached, emit.ints(shapes.filter)])
}
