import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { elementwise } from '../onnx/blocks.ts'
import type { Op } from '../op.ts'

/** A slope that takes all normal numbers above zero to one. */
const STEEP = 3e38

/** From the output instead of the input: the forward pass need not keep what came before the activation. */
const op: Op<{ readonly cap: number }> = {
  name: 'relu-gradient',
  infer: ([dy]) => [dy!],
  // Comparisons and their results take ONNX Runtime twice the time of these sums and products, and its Where thrice.
  onnx(emit, [dy, y], { cap }, { inputs: [type] }) {
    const open = (y: string) => {
      const inside = cap === Infinity ? y : emit.node('Mul', [y, emit.node('Sub', [emit.float(cap), y])])
      return emit.node('HardSigmoid', [inside], { alpha: { float: STEEP }, beta: { float: 0 } })
    }
    return [elementwise(emit, [dy!, y!], type!.shape, ([dy, y]) => emit.node('Mul', [dy!, open(y!)]))]
  },
  tensorflow(tf, [dy, y], { cap }) {
    const open = tf.logicalAnd(tf.greater(y!, 0), tf.less(y!, cap))
    return [tf.mul(dy!, tf.cast(open, 'float32'))]
  },
}

/** dy where 0 < y < cap, else 0: the gradient of min(max(x, 0), cap) by its output y. */
export const reluGradient = (graph: GraphBuilder, dy: Value, y: Value, cap: number): Value =>
  graph.add(op, [dy, y], { cap })[0]!
