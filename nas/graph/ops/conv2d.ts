import { sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import { type Convolution, outputSize } from '../convolution.ts'
import type { Value } from '../graph.ts'
import { convolve } from '../onnx/convolve.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { convolution2d } from '../tensorflow/convolution.ts'
import { conv2dFilterGradient } from './conv2d-filter-gradient.ts'
import { conv2dInputGradient } from './conv2d-input-gradient.ts'

const op: Op<Convolution> = {
  name: 'conv2d',
  infer([x, filter], convolution) {
    const [n, c] = x!.shape
    const [k, perGroup, height, width] = filter!.shape
    const { groups } = convolution
    if (x!.shape.length !== 4 || filter!.shape.length !== 4)
      throw new ShapeMismatch('needs [N,C,H,W] and [K,C/groups,h,w]')
    if (c !== perGroup! * groups || k! % groups !== 0)
      throw new ShapeMismatch(`${groups} groups of ${perGroup} input channels do not make ${c}`)
    return [{ dtype: 'float32', shape: [n!, k!, ...outputSize(x!.shape, [height!, width!], convolution)] }]
  },
  multiplyAdds: ({ inputs: [, filter], outputs: [y] }) =>
    (sizeOf(y!.shape) * sizeOf(filter!.shape)) / filter!.shape[0]!,
  gradient: ({ graph, inputs: [x, filter], gradients: [dy], attributes, needed }) => [
    needed[0] ? conv2dInputGradient(graph, dy!, filter!, x!.type.shape, attributes) : undefined,
    needed[1] ? conv2dFilterGradient(graph, x!, dy!, filter!.type.shape, attributes) : undefined,
  ],
  onnx: (emit, inputs, convolution, types) => [convolve(emit, inputs, convolution, types)],
  tensorflow: (tf, [x, filter], convolution) => [convolution2d(tf, x!, filter!, convolution)],
}

/**
 * Two-dimensional convolution (cross-correlation), without bias.
 * @param x [N,C,H,W]; @param filter [K, C/groups, h, w]; @returns [N,K,H',W']
 */
export const conv2d = (graph: GraphBuilder, x: Value, filter: Value, convolution: Convolution): Value =>
  graph.add(op, [x, filter], convolution)[0]!
