import { sameShape } from '../../tensor.ts'
import { broadcastShape, unbroadcast } from '../broadcast.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'

const op: Op<{ readonly shape: readonly number[] }> = {
  name: 'broadcast-to',
  infer([x], { shape }) {
    if (!sameShape(broadcastShape(x!.shape, shape), shape))
      throw new ShapeMismatch(`does not stretch to [${shape}]`)
    return [{ dtype: x!.dtype, shape }]
  },
  gradient: ({ graph, inputs: [x], gradients: [dy] }) => [unbroadcast(graph, dy!, x!.type.shape)],
  onnx: (emit, [x], { shape }) => [emit.node('Expand', [x!, emit.ints(shape)])],
  tensorflow: (tf, [x], { shape }) => [tf.broadcastTo(x!, [...shape])],
}

/** Repeats along axes of length 1 up to `shape`. */
export const broadcastTo = (graph: GraphBuilder, x: Value, shape: readonly number[]): Value =>
  graph.add(op, [x], { shape })[0]!
