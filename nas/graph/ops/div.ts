import { binary, unbroadcast } from '../broadcast.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'

const op = binary(
  'div',
  'Div',
  (tf, [a, b]) => [tf.div(a!, b!)],
  ({ graph, inputs: [a, b], outputs: [y], gradients: [dy], needed }) => {
    const da = div(graph, dy!, b!)
    return [
      needed[0] ? unbroadcast(graph, da, a!.type.shape) : undefined,
      needed[1] ? unbroadcast(graph, neg(graph, mul(graph, da, y!)), b!.type.shape) : undefined,
    ]
  },
)

/** a / b element by element, broadcast. */
export const div = (graph: GraphBuilder, a: Value, b: Value): Value => graph.add(op, [a, b], null)[0]!
