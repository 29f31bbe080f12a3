import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { clipped } from '../onnx/nchwc.ts'
import { unary } from '../unary.ts'
import { reluGradient } from './relu-gradient.ts'

const op = unary(
  'relu',
  (emit, x, shape) => clipped(emit, x, shape, { cap: Infinity, sole: emit.reads(x) === 1 }),
  (tf, x) => tf.relu(x),
  ({ graph, outputs: [y], gradients: [dy] }) => [reluGradient(graph, dy!, y!, Infinity)],
)

/** max(x, 0) */
export const relu = (graph: GraphBuilder, x: Value): Value => graph.add(op, [x], null)[0]!
