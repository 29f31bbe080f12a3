import { showShape } from '../tensor.ts'
import { ShapeMismatch } from './op.ts'

type Pair = readonly [height: number, width: number]

/** The attributes of a convolution. Padding may differ by side. */
export interface Convolution {
  readonly stride: Pair
  readonly dilation: Pair
  readonly padding: readonly [top: number, left: number, bottom: number, right: number]
  readonly groups: number
}

/** Stride 1, zero padding that keeps the size for odd kernels. */
export const same = (
  kernel: Pair,
  options: { stride?: number; dilation?: Pair; groups?: number } = {},
): Convolution => {
  const { stride = 1, dilation = [1, 1], groups = 1 } = options
  const [vertical, horizontal] = [(dilation[0] * (kernel[0] - 1)) / 2, (dilation[1] * (kernel[1] - 1)) / 2]
  return { stride: [stride, stride], dilation, groups, padding: [vertical, horizontal, vertical, horizontal] }
}

/** The convolution of the input, with the output's gradient as the filter, that gives the gradient by the filter. */
export const filterGradientOf = (
  { stride, dilation, padding }: Convolution,
  groups: number,
): Convolution => ({ stride: dilation, dilation: stride, padding, groups })

/** Output height and width for an input [N,C,H,W] and a kernel. */
export function outputSize(
  input: readonly number[],
  kernel: Pair,
  { stride, dilation, padding }: Convolution,
): Pair {
  const along = (axis: 0 | 1) => {
    const padded = input[2 + axis]! + padding[axis] + padding[2 + axis]!
    const length = Math.floor((padded - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1
    if (length < 1)
      throw new ShapeMismatch(
        `a ${showShape(kernel)} kernel with dilation ${dilation} is larger than the padded map`,
      )
    return length
  }
  return [along(0), along(1)]
}

/** The attributes that ONNX's Conv and ConvTranspose share, all of them: not every reader derives the kernel's shape from the filter. */
export const onnxConvolution = (
  filter: readonly number[],
  { stride, dilation, padding, groups }: Convolution,
) => ({
  kernel_shape: filter.slice(2),
  strides: stride,
  dilations: dilation,
  pads: padding,
  group: groups,
})

export const isPointwise = (filter: readonly number[], { stride, padding, groups }: Convolution): boolean =>
  filter[2] === 1 &&
  filter[3] === 1 &&
  groups === 1 &&
  [...stride].every((s) => s === 1) &&
  padding.every((p) => p === 0)

/** One filter a channel. */
export const isDepthwise = ([k, perGroup]: readonly number[], { groups }: Convolution): boolean =>
  groups > 1 && k === groups && perGroup === 1
