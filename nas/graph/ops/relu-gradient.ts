import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { elementTypes } from '../onnx/schema.ts'
import type { Op } from '../op.ts'

/** From the output instead of the input: the forward pass need not keep what came before the activation. */
const op: Op<{ readonly cap: number }> = {
  name: 'relu-gradient',
  infer: ([dy]) => [dy!],
  onnx(emit, [dy, y], { cap }) {
    const above = emit.node('Greater', [y!, emit.float(0)])
    const open =
      cap === Infinity ? above : emit.node('And', [above, emit.node('Less', [y!, emit.float(cap)])])
    // A product takes a third of the time of ONNX Runtime's Where.
    return [emit.node('Mul', [dy!, emit.node('Cast', [open], { to: elementTypes.float32 })])]
  },
  tensorflow(tf, [dy, y], { cap }) {
    const open = tf.logicalAnd(tf.greater(y!, 0), tf.less(y!, cap))
    return [tf.mul(dy!, tf.cast(open, 'float32'))]
  },
}

/** dy where 0 < y < cap, else 0: the gradient of min(max(x, 0), cap) by its output y. */
export const reluGradient = (graph: GraphBuilder, dy: Value, y: Value, cap: number): Value =>
  graph.add(op, [dy, y], { cap })[0]!
