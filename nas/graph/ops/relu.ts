import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { clip } from '../onnx/clip.ts'
import { unary } from '../unary.ts'
import { reluGradient } from './relu-gradient.ts'

const op = unary(
  'relu',
  (emit, x) => clip(emit, x, Infinity),
  (tf, x) => tf.relu(x),
  ({ graph, outputs: [y], gradients: [dy] }) => [reluGradient(graph, dy!, y!, Infinity)],
)

/** max(x, 0) */
export const relu = (graph: GraphBuilder, x: Value): Value => graph.add(op, [x], null)[0]!
