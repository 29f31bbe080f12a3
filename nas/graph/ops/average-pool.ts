import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import type { Op } from '../op.ts'
import { inferPooling, onnxWindow, type Window, windowMeans } from '../pooling.ts'
import { separableGradient, separableTensorFlow } from '../separable.ts'

const op: Op<Window> = {
  name: 'average-pool',
  infer: inferPooling,
  gradient: ({ graph, attributes: window, inputs: [x], gradients: [dy] }) => [
    separableGradient(graph, dy!, windowMeans(x!.type.shape, window)),
  ],
  onnx: (emit, [x], window) => [emit.node('AveragePool', [x!], onnxWindow(window))],
  // TensorFlow.js's own pooling has no padding by side on some backends.
  tensorflow: (tf, [x], window) => [separableTensorFlow(tf, x!, windowMeans(x!.shape, window))],
}

/**
 * Mean over a sliding window; padding does not count.
 * @param x [N,C,H,W]; @returns [N,C,H',W']
 */
export const averagePool = (graph: GraphBuilder, x: Value, window: Window): Value =>
  graph.add(op, [x], window)[0]!
