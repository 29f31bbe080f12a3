import { sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import {
  type Convolution,
  filterGradientOf,
  isPointwise,
  onnxConvolution,
  outputSize,
} from '../convolution.ts'
import type { Value } from '../graph.ts'
import type { OnnxEmitter } from '../onnx/emitter.ts'
import { kernelTaps } from '../onnx/kernel-taps.ts'
import type { NodeTypes, Op } from '../op.ts'
import { convolution2dFilterGradient } from '../tensorflow/convolution.ts'

interface Attributes {
  readonly convolution: Convolution
  /** [K, C/groups, h, w] */
  readonly filterShape: readonly number[]
}

const op: Op<Attributes> = {
  name: 'conv2d-filter-gradient',
  infer: (_, { filterShape }) => [{ dtype: 'float32', shape: filterShape }],
  multiplyAdds: ({ inputs: [, dy] }, { filterShape }) =>
    (sizeOf(dy!.shape) * sizeOf(filterShape)) / filterShape[0]!,
  onnx(emit, [x, dy], attributes, types) {
    const { convolution, filterShape } = attributes
    if (isPointwise(filterShape, convolution)) return [pointwise(emit, x!, dy!, filterShape, types)]
    return [asConvolution(emit, x!, dy!, attributes, types)]
  },
  tensorflow: (tf, [x, dy], { convolution, filterShape }) => [
    convolution2dFilterGradient(tf, x!, dy!, filterShape, convolution),
  ],
}

/**
 * dy · xᵀ over positions and images. One product for all images transposes both maps first; a product by image leaves as many
 * results to sum. On small maps the former moves less memory.
 */
function pointwise(
  emit: OnnxEmitter,
  x: string,
  dy: string,
  filterShape: readonly number[],
  { inputs }: NodeTypes,
): string {
  const [n, c, height, width] = inputs[0]!.shape as [number, number, number, number]
  const [k, positions] = [filterShape[0]!, height * width]
  const byImage = (name: string, channels: number) =>
    emit.node('Reshape', [name, emit.ints([n, channels, positions])])
  const byChannel = (name: string, channels: number) => {
    const moved = emit.node('Transpose', [byImage(name, channels)], { perm: [1, 0, 2] })
    return emit.node('Reshape', [moved, emit.ints([channels, n * positions])])
  }
  if (k * c > positions * (k + c)) {
    const transposed = emit.node('Transpose', [byChannel(x, c)], { perm: [1, 0] })
    return emit.node('Reshape', [emit.node('MatMul', [byChannel(dy, k), transposed]), emit.ints(filterShape)])
  }
  const transposed = emit.node('Transpose', [byImage(x, c)], { perm: [0, 2, 1] })
  const products = emit.node('MatMul', [byImage(dy, k), transposed])
  const sum = emit.node('ReduceSum', [products, emit.ints([0])], { keepdims: 0 })
  return emit.node('Reshape', [sum, emit.ints(filterShape)])
}

/**
 * dw[k,c,i,j] = Σ x[n, c, i·dilation + y·stride, …] dy[n,k,y,…] is itself a convolution: of x with dy as the filter, with
 * batch and channels exchanged, stride and dilation exchanged, and the same groups.
 */
function asConvolution(
  emit: OnnxEmitter,
  x: string,
  dy: string,
  { convolution, filterShape }: Attributes,
  { inputs }: NodeTypes,
): string {
  const { groups } = convolution
  const [n, c, height, width] = inputs[0]!.shape as [number, number, number, number]
  const [, k, outHeight, outWidth] = inputs[1]!.shape as [number, number, number, number]
  const perGroup = c / groups
  const grouped = emit.node('Reshape', [x, emit.ints([n, groups, perGroup, height, width])])
  const exchanged = emit.node('Transpose', [grouped], { perm: [2, 1, 0, 3, 4] })
  const image = emit.node('Reshape', [exchanged, emit.ints([perGroup, groups * n, height, width])])
  const filter = emit.node('Transpose', [dy], { perm: [1, 0, 2, 3] })
  const gradient = filterGradientOf(convolution, groups)
  const all = emit.node('Conv', [image, filter], onnxConvolution([k, n, outHeight, outWidth], gradient))
  const size = outputSize([perGroup, groups * n, height, width], [outHeight, outWidth], gradient)
  const taps = kernelTaps(emit, all, size, [filterShape[2]!, filterShape[3]!])
  const ordered = emit.node('Transpose', [taps], { perm: [1, 0, 2, 3] })
  return emit.node('Reshape', [ordered, emit.ints([k, perGroup, filterShape[2]!, filterShape[3]!])])
}

/** Gradient of conv2d by its filter: x [N,C,H,W], dy [N,K,H',W'] to [K,C/groups,h,w]. */
export const conv2dFilterGradient = (
  graph: GraphBuilder,
  x: Value,
  dy: Value,
  filterShape: readonly number[],
  convolution: Convolution,
): Value => graph.add(op, [x, dy], { convolution, filterShape })[0]!
