import { sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { reduce } from '../onnx/reduce.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { mul } from './mul.ts'

const op: Op<{ readonly axes: readonly number[] }> = {
  name: 'reduce-mean',
  infer([x], { axes }) {
    const { shape } = x!
    if (axes.length === 0 || axes.some((axis) => !(axis in shape)))
      throw new ShapeMismatch(`has no axes [${axes}] to average over`)
    return [{ dtype: 'float32', shape: shape.map((length, axis) => (axes.includes(axis) ? 1 : length)) }]
  },
  gradient({ graph, inputs: [x], gradients: [dy], broadcastTo }) {
    const share = graph.scalar(sizeOf(dy!.type.shape) / sizeOf(x!.type.shape))
    return [broadcastTo(mul(graph, dy!, share), x!.type.shape)]
  },
  onnx: (emit, [x], { axes }) => [reduce(emit, 'ReduceMean', x!, axes)],
  tensorflow: (tf, [x], { axes }) => [tf.mean(x!, [...axes], true)],
}

/** Mean over axes, which stay with length 1. */
export const reduceMean = (graph: GraphBuilder, x: Value, axes: readonly number[]): Value =>
  graph.add(op, [x], { axes })[0]!
