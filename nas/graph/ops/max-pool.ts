import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import type { Op } from '../op.ts'
import { inferPooling, onnxWindow, type Window } from '../pooling.ts'
import { maxPool2d } from '../tensorflow/max-pool.ts'
import { maxPoolGradient } from './max-pool-gradient.ts'

const op: Op<Window> = {
  name: 'max-pool',
  infer: inferPooling,
  gradient: ({ graph, attributes, inputs: [x], gradients: [dy] }) => [
    maxPoolGradient(graph, dy!, x!, attributes),
  ],
  onnx: (emit, [x], window) => [emit.node('MaxPool', [x!], onnxWindow(window))],
  tensorflow: (tf, [x], window) => [maxPool2d(tf, x!, window)],
}

/**
 * Largest element of a sliding window; padding counts as -∞.
 * @param x [N,C,H,W]; @returns [N,C,H',W']
 */
export const maxPool = (graph: GraphBuilder, x: Value, window: Window): Value =>
  graph.add(op, [x], window)[0]!
