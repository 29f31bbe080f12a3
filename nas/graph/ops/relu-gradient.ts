import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { elementwise, isNchwc } from '../onnx/nchwc.ts'
import { reluMask, reluMaskNchwc } from '../onnx/relu-mask.ts'
import type { Op } from '../op.ts'

/** By the output instead of the input: the forward pass need not save the input of the activation. */
const op: Op<{ readonly cap: number }> = {
  name: 'relu-gradient',
  infer: ([dy]) => [dy!],
  onnx(emit, [dy, y], { cap }, { inputs: [type] }) {
    const { shape } = type!
    const capped = cap !== Infinity && (isNchwc(emit, dy!) || isNchwc(emit, y!))
    const mask = capped ? reluMaskNchwc(emit, y!, shape, cap) : reluMask(emit, y!, shape, cap)
    return [elementwise(emit, [dy!, mask], shape, (operands) => emit.node('Mul', operands))]
  },
  tensorflow(tf, [dy, y], { cap }) {
    const mask = tf.logicalAnd(tf.greater(y!, 0), tf.less(y!, cap))
    return [tf.mul(dy!, tf.cast(mask, 'float32'))]
  },
}

/** dy where 0 < y < cap, else 0: the gradient of min(max(x, 0), cap) by its output y. */
export const reluGradient = (graph: GraphBuilder, dy: Value, y: Value, cap: number): Value =>
  graph.add(op, [dy, y], { cap })[0]!
