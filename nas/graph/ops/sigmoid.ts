import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { unary } from '../unary.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'

const op = unary(
  'sigmoid',
  (emit, x) => emit.node('Sigmoid', [x]),
  (tf, x) => tf.sigmoid(x),
  ({ graph, outputs: [y], gradients: [dy] }) => [
    mul(graph, dy!, mul(graph, y!, sub(graph, graph.scalar(1), y!))),
  ],
)

/** 1 / (1 + exp(-x)) */
export const sigmoid = (graph: GraphBuilder, x: Value): Value => graph.add(op, [x], null)[0]!
