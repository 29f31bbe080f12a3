import { binary, unbroadcast } from '../broadcast.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'

const op = binary(
  'add',
  'Add',
  (tf, [a, b]) => [tf.add(a!, b!)],
  ({ graph, inputs, gradients: [dy] }) => inputs.map((input) => unbroadcast(graph, dy!, input.type.shape)),
)

/** a + b, broadcast. */
export const add = (graph: GraphBuilder, a: Value, b: Value): Value => graph.add(op, [a, b], null)[0]!
