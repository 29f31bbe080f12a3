import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { unary } from '../unary.ts'

const op = unary(
  'neg',
  (emit, x) => emit.node('Neg', [x]),
  (tf, x) => tf.neg(x),
  ({ graph, gradients: [dy] }) => [neg(graph, dy!)],
)

/** -x */
export const neg = (graph: GraphBuilder, x: Value): Value => graph.add(op, [x], null)[0]!
