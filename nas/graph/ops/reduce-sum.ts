import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
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
  onnx: (emit, [x], { axes }) => [emit.node('ReduceSum', [x!, emit.ints(axes)], { keepdims: 1 })],
  tensorflow: (tf, [x], { axes }) => [tf.sum(x!, [...axes], true)],
}

/** Sum over axes, which stay with length 1. */
export const reduceSum = (graph: GraphBuilder, x: Value, axes: readonly number[]): Value =>
  graph.add(op, [x], { axes })[0]!
