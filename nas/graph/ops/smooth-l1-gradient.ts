import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import type { Op } from '../op.ts'

interface Attributes {
  readonly beta: number
}

const op: Op<Attributes> = {
  name: 'smooth-l1-gradient',
  infer: ([x]) => [x!],
  onnx(emit, [x, target, weight], { beta }) {
    const slope = emit.node('Div', [emit.node('Sub', [x!, target!]), emit.float(beta)])
    return [emit.node('Mul', [emit.node('Clip', [slope, emit.float(-1), emit.float(1)]), weight!])]
  },
  tensorflow: (tf, [x, target, weight], { beta }) => [
    tf.mul(tf.clipByValue(tf.div(tf.sub(x!, target!), beta), -1, 1), weight!),
  ],
}

/** Gradient of smoothL1 by x: weight · (x - target) / β, of which the quotient is cut at -1 and 1. All of one shape. */
export const smoothL1Gradient = (
  graph: GraphBuilder,
  x: Value,
  target: Value,
  weight: Value,
  { beta }: Attributes,
): Value => graph.add(op, [x, target, weight], { beta })[0]!
