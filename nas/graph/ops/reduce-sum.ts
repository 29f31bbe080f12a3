import { sameShape, sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { channelMean } from '../normalisation.ts'
import { isNchwc } from '../onnx/nchwc.ts'
import { type Op, ShapeMismatch } from '../op.ts'

const op: Op<{ readonly axes: readonly number[] }> = {
  name: 'reduce-sum',
  infer([x], { axes }) {
    const { dtype, shape } = x!
    if (axes.length === 0 || axes.some((axis) => !(axis in shape)))
      throw new ShapeMismatch(`has no axes [${axes}] to sum over`)
    return [{ dtype, shape: shape.map((length, axis) => (axes.includes(axis) ? 1 : length)) }]
  },
  gradient: ({ inputs: [x], gradients: [dy], broadcastTo }) => [broadcastTo(dy!, x!.type.shape)],
  onnx(emit, [x], { axes }, { inputs: [type], outputs: [y] }) {
    if (!isNchwc(emit, x!) || !sameShape(axes, [0, 2, 3]))
      return [emit.node('ReduceSum', [x!, emit.ints(axes)], { keepdims: 1 })]
    const count = emit.float(sizeOf(type!.shape) / sizeOf(y!.shape))
    const sum = emit.node('Mul', [channelMean(emit, x!, type!.shape), count])
    return [emit.node('Reshape', [sum, emit.ints(y!.shape)])]
  },
  tensorflow: (tf, [x], { axes }) => [tf.sum(x!, [...axes], true)],
}

/** Sum over axes, which stay with length 1. */
export const reduceSum = (graph: GraphBuilder, x: Value, axes: readonly number[]): Value =>
  graph.add(op, [x], { axes })[0]!
