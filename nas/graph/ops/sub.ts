import { binary, unbroadcast } from '../broadcast.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { neg } from './neg.ts'

const op = binary(
  'sub',
  'Sub',
  (tf, [a, b]) => [tf.sub(a!, b!)],
  ({ graph, inputs: [a, b], gradients: [dy], needed }) => [
    needed[0] ? unbroadcast(graph, dy!, a!.type.shape) : undefined,
    needed[1] ? unbroadcast(graph, neg(graph, dy!), b!.type.shape) : undefined,
  ],
)

/** a - b, broadcast. */
export const sub = (graph: GraphBuilder, a: Value, b: Value): Value => graph.add(op, [a, b], null)[0]!
