import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { unary } from '../unary.ts'
import { mul } from './mul.ts'

const op = unary(
  'exp',
  (emit, x) => emit.node('Exp', [x]),
  (tf, x) => tf.exp(x),
  ({ graph, outputs: [y], gradients: [dy] }) => [mul(graph, dy!, y!)],
)

/** e to the power x */
export const exp = (graph: GraphBuilder, x: Value): Value => graph.add(op, [x], null)[0]!
