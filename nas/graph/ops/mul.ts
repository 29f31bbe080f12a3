import { binary, unbroadcast } from '../broadcast.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'

const op = binary(
  'mul',
  'Mul',
  (tf, [a, b]) => [tf.mul(a!, b!)],
  ({ graph, inputs: [a, b], gradients: [dy], needed }) => [
    needed[0] ? unbroadcast(graph, mul(graph, dy!, b!), a!.type.shape) : undefined,
    needed[1] ? unbroadcast(graph, mul(graph, dy!, a!), b!.type.shape) : undefined,
  ],
)

/** a * b element by element, broadcast. */
export const mul = (graph: GraphBuilder, a: Value, b: Value): Value => graph.add(op, [a, b], null)[0]!
