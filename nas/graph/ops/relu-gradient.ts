import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { inside } from '../onnx/inside.ts'
import type { Op } from '../op.ts'

/** By the output instead of the input: the forward pass need not save the input of the activation. */
const op: Op<{ readonly cap: number }> = {
  name: 'relu-gradient',
  infer: ([dy]) => [dy!],
  onnx: (emit, [dy, y], { cap }) => [inside(emit, dy!, y!, cap)],
  tensorflow(tf, [dy, y], { cap }) {
    const mask = tf.logicalAnd(tf.greater(y!, 0), tf.less(y!, cap))
    return [tf.mul(dy!, tf.cast(mask, 'float32'))]
  },
}

/** dy where 0 < y < cap, else 0: the gradient of min(max(x, 0), cap) by its output y. */
export const reluGradient = (graph: GraphBuilder, dy: Value, y: Value, cap: number): Value =>
  graph.add(op, [dy, y], { cap })[0]!
