import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { unary } from '../unary.ts'
import { div } from './div.ts'

const op = unary(
  'log',
  (emit, x) => emit.node('Log', [x]),
  (tf, x) => tf.log(x),
  ({ graph, inputs: [x], gradients: [dy] }) => [div(graph, dy!, x!)],
)

/** The natural logarithm. */
export const log = (graph: GraphBuilder, x: Value): Value => graph.add(op, [x], null)[0]!
