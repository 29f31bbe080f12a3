import { sameShape, sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import { type Convolution, outputSize } from '../convolution.ts'
import type { Value } from '../graph.ts'
import { convolve } from '../onnx/convolve.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { convolution2d } from '../tensorflow/convolution.ts'
import { conv2dFilterGradient } from './conv2d-filter-gradient.ts'
import { conv2dInputGradient } from './conv2d-input-gradient.ts'
import { reduceSum } from './reduce-sum.ts'
import { reshape } from './reshape.ts'

const op: Op<Convolution> = {
  name: 'biased-conv2d',
  infer([x, filter, bias], convolution) {
    const [k, perGroup, ...kernel] = filter!.shape as [number, number, number, number]
    const fits = x!.shape[1] === perGroup * convolution.groups && sameShape(bias!.shape, [k])
    if (x!.shape.length !== 4 || filter!.shape.length !== 4 || !fits)
      throw new ShapeMismatch('needs [N,C,H,W], [K,C/groups,h,w] and [K]')
    return [{ dtype: 'float32', shape: [x!.shape[0]!, k, ...outputSize(x!.shape, kernel, convolution)] }]
  },
  multiplyAdds: ({ inputs: [, filter], outputs: [y] }) =>
    (sizeOf(y!.shape) * sizeOf(filter!.shape)) / filter!.shape[0]!,
  gradient: ({ graph, inputs: [x, filter, bias], gradients: [dy], attributes, needed }) => [
    needed[0] ? conv2dInputGradient(graph, dy!, filter!, x!.type.shape, attributes) : undefined,
    needed[1] ? conv2dFilterGradient(graph, x!, dy!, filter!.type.shape, attributes) : undefined,
    needed[2] ? reshape(graph, reduceSum(graph, dy!, [0, 2, 3]), bias!.type.shape) : undefined,
  ],
  onnx: (emit, inputs, convolution, types) => [convolve(emit, inputs, convolution, types)],
  tensorflow: (tf, [x, filter, bias], convolution) => [
    tf.add(convolution2d(tf, x!, filter!, convolution), tf.reshape(bias!, [1, -1, 1, 1])),
  ],
}

/**
 * Two-dimensional convolution with bias, in one pass over memory.
 * @param x [N,C,H,W]; @param filter [K, C/groups, h, w]; @param bias [K]; @returns [N,K,H',W']
 */
export const biasedConv2d = (
  graph: GraphBuilder,
  x: Value,
  filter: Value,
  bias: Value,
  convolution: Convolution,
): Value => graph.add(op, [x, filter, bias], convolution)[0]!
