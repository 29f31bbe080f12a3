import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { clip } from '../onnx/clip.ts'
import { unary } from '../unary.ts'
import { reluGradient } from './relu-gradient.ts'

const op = unary(
  'relu6',
  (emit, x) => clip(emit, x, 6),
  (tf, x) => tf.clipByValue(x, 0, 6),
  ({ graph, outputs: [y], gradients: [dy] }) => [reluGradient(graph, dy!, y!, 6)],
)

/** min(max(x, 0), 6), the activation of MobileNets. */
export const relu6 = (graph: GraphBuilder, x: Value): Value => graph.add(op, [x], null)[0]!
