import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { unary } from '../unary.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'

const op = unary(
  'sqrt',
  (emit, x) => emit.node('Sqrt', [x]),
  (tf, x) => tf.sqrt(x),
  ({ graph, outputs: [y], gradients: [dy] }) => [div(graph, dy!, mul(graph, graph.scalar(2), y!))],
)

/** The square root. */
export const sqrt = (graph: GraphBuilder, x: Value): Value => graph.add(op, [x], null)[0]!
