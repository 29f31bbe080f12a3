import type { TensorType } from '../tensor.ts'
import { type Convolution, outputSize } from './convolution.ts'
import type { OnnxAttributes } from './onnx/emitter.ts'
import { ShapeMismatch } from './op.ts'
import { matrix, type Separable } from './separable.ts'

type Pair = readonly [height: number, width: number]

/** The attributes of a pooling. */
export interface Window extends Pick<Convolution, 'stride' | 'padding'> {
  readonly kernel: Pair
}

/** Output height and width for an input [N,C,H,W]. */
const pooledSize = (input: readonly number[], { kernel, stride, padding }: Window): Pair =>
  outputSize(input, kernel, { stride, padding, dilation: [1, 1], groups: 1 })

export function inferPooling([x]: readonly TensorType[], window: Window): readonly TensorType[] {
  const { kernel, padding } = window
  if (x!.shape.length !== 4) throw new ShapeMismatch('needs [N,C,H,W]')
  if (padding.some((n, side) => n >= kernel[side % 2]!))
    throw new ShapeMismatch(`with padding [${padding}] a window of [${kernel}] may cover nothing but padding`)
  return [{ dtype: 'float32', shape: [x!.shape[0]!, x!.shape[1]!, ...pooledSize(x!.shape, window)] }]
}

export const onnxWindow = ({ kernel, stride, padding }: Window): OnnxAttributes => ({
  kernel_shape: kernel,
  strides: stride,
  pads: padding,
})

/** A matrix whose rows average from a start up to, not including, an end. */
const means = (to: number, from: number, range: (i: number) => Pair) =>
  matrix(to, from, (i, row) => {
    const [start, end] = range(i)
    row.fill(1 / (end - start), start, end)
  })

/** Means over sliding windows; padding does not count. */
export function windowMeans(input: readonly number[], window: Window): Separable {
  const size = pooledSize(input, window)
  const along = (axis: 0 | 1) => {
    const length = input[2 + axis]!
    return means(size[axis], length, (i) => {
      const start = i * window.stride[axis] - window.padding[axis]
      return [Math.max(start, 0), Math.min(start + window.kernel[axis], length)]
    })
  }
  return { rows: along(0), columns: along(1) }
}

/** Means over the cells of adaptive average pooling; no cell is empty, so the cells of a fine grid overlap. */
export function gridMeans(input: readonly number[], grid: Pair): Separable {
  const along = (axis: 0 | 1) => {
    const length = input[2 + axis]!
    const cells = grid[axis]
    return means(cells, length, (i) => [
      Math.floor((i * length) / cells),
      Math.ceil(((i + 1) * length) / cells),
    ])
  }
  return { rows: along(0), columns: along(1) }
}
