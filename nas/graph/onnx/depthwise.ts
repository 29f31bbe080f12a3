import { type Convolution, outputSize } from '../convolution.ts'
import type { OnnxEmitter } from './emitter.ts'

/*
 * Depthwise convolutions in ONNX Runtime's blocked layout (its operator set com.microsoft.nchwc: [N, C/B, H, W, B], B as
 * wide as a vector register). ONNX Runtime uses these kernels by itself where filters are constants; those of a training
 * step are not. Its kernel for the plain layout copies every window out before it multiplies, which for the 33 x 33
 * windows of a filter gradient costs seven times as much (bench/README.md).
 *
 * `ReorderInput` makes blocked maps and, since a depthwise filter is one map a channel, blocked filters, so that B itself
 * never shows.
 */

const domain = 'com.microsoft.nchwc'
const BLOCK = 16

type Shape = readonly number[]

/** Blocks hold up to 16 channels. Where one image's do not fill them, several images stand side by side as one. */
const imagesTogether = (channels: number): number =>
  [1, 2, 4, 8, 16].find((images) => (images * channels) % BLOCK === 0)!

export const fitsBlocks = (emit: OnnxEmitter, [images, channels]: Shape): boolean =>
  emit.blocked && images! % imagesTogether(channels!) === 0

/** Maps [N,C,H,W] in blocks, as [N/i,iC,H,W] for i images together. */
function blocked(emit: OnnxEmitter, x: string, [n, c, h, w]: Shape): string {
  const images = imagesTogether(c!)
  const together =
    images === 1 ? x : emit.shared('Reshape', [x, emit.ints([n! / images, images * c!, h!, w!])])
  return emit.shared('ReorderInput', [together], { domain })
}

/** Filters [C,1,h,w] in blocks, repeated for each of the images together. */
function blockedFilter(emit: OnnxEmitter, filter: string, [c, , h, w]: Shape): string {
  const images = imagesTogether(c!)
  const repeated =
    images === 1 ? filter : emit.node('Concat', Array<string>(images).fill(filter), { axis: 0 })
  const asMap = emit.node('Reshape', [repeated, emit.ints([1, images * c!, h!, w!])])
  return emit.node('Reshape', [
    emit.shared('ReorderInput', [asMap], { domain }),
    emit.ints([images * c!, 1, h!, w!]),
  ])
}

/** Blocked maps convolved with blocked filters [C,1,h,w]. */
function convolve(
  emit: OnnxEmitter,
  maps: string,
  filter: string,
  [channels, , h, w]: Shape,
  { stride, dilation, padding }: Convolution,
): string {
  const attributes = {
    group: channels!,
    kernel_shape: [h!, w!],
    strides: stride,
    dilations: dilation,
    pads: padding,
  }
  const y = emit.node('Conv', [maps, filter], attributes, { domain })
  return emit.node('ReorderOutput', [y], { channels: channels! }, { domain })
}

/** x [N,C,H,W] with one filter a channel, [C,1,h,w]. */
export function blockedDepthwise(
  emit: OnnxEmitter,
  x: string,
  filter: string,
  shapes: { readonly x: Shape; readonly filter: Shape },
  convolution: Convolution,
): string {
  const [n, c] = shapes.x as [number, number]
  const [, , h, w] = shapes.filter as [number, number, number, number]
  const images = imagesTogether(c)
  const y = convolve(
    emit,
    blocked(emit, x, shapes.x),
    blockedFilter(emit, filter, shapes.filter),
    [images * c, 1, h, w],
    convolution,
  )
  return images === 1
    ? y
    : emit.node('Reshape', [y, emit.ints([n, c, ...outputSize(shapes.x, [h, w], convolution)])])
}

/**
 * Gradient by the input: rows and columns of zeros between those of dy undo the stride, then it is a convolution with the
 * filter turned around.
 */
export function blockedDepthwiseInputGradient(
  emit: OnnxEmitter,
  dy: string,
  filter: string,
  shapes: { readonly dy: Shape; readonly filter: Shape; readonly input: Shape },
  { stride, dilation, padding }: Convolution,
): string {
  const [n, c, height, width] = shapes.dy as [number, number, number, number]
  const spread = [height * stride[0], width * stride[1]] as const
  const sparse = spaced(emit, dy, shapes.dy, stride)
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
  const maps = { x: [n, c, ...spread], filter: shapes.filter }
  return blockedDepthwise(emit, sparse, turned, maps, {
    stride: [1, 1],
    dilation,
    groups: c,
    padding: [...before, after[0]!, after[1]!],
  })
}

/**
 * Maps [N,C,H,W] with zeros after every row and column: [N,C,s·H,t·W] for the stride [s, t]. Rows are whole stretches of
 * memory, which Pad copies; for columns, a product with the identity, spaced likewise, takes a tenth of the time of Pad.
 */
function spaced(emit: OnnxEmitter, x: string, [n, c, h, w]: Shape, [s, t]: Convolution['stride']): string {
  if (s === 1 && t === 1) return x
  const width = t * w!
  const identity = new Float32Array(w! * width)
  for (let i = 0; i < w!; i++) identity[i * width + i * t] = 1
  const rows = emit.node('MatMul', [
    emit.node('Reshape', [x, emit.ints([n! * c! * h!, w!])]),
    emit.floats([w!, width], identity),
  ])
  const padded = emit.node('Pad', [rows, emit.ints([0, 0, 0, (s - 1) * width])])
  return emit.node('Reshape', [padded, emit.ints([n!, c!, s * h!, width])])
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
  const exchanged = { stride: dilation, dilation: stride, padding, groups: n * c }
  const maps = [1, n * c, height, width]
  // Blocks of one image are blocks of all: x is blocked already for the convolution itself, dy for its other gradient.
  const perImage = convolve(
    emit,
    emit.node('Reshape', [blocked(emit, x, shapes.x), emit.ints(maps)]),
    emit.node('Reshape', [blocked(emit, dy, shapes.dy), emit.ints([n * c, 1, rows, columns])]),
    [n * c, 1, rows, columns],
    exchanged,
  )
  // A strided filter may leave rows and columns at the end out of reach, which show up as taps beyond the kernel's.
  const [tapRows, tapColumns] = outputSize(maps, [rows, columns], exchanged)
  const taps =
    tapRows === h && tapColumns === w
      ? perImage
      : emit.node('Slice', [perImage, emit.ints([0, 0]), emit.ints([h, w]), emit.ints([2, 3])])
  const sum = emit.node('ReduceSum', [emit.node('Reshape', [taps, emit.ints([n, c, h * w])]), emit.ints([0])])
  return emit.node('Reshape', [sum, emit.ints(shapes.filter)])
}
