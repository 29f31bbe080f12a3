import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { windowMeansAlong } from '../onnx/dynamic-size.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { inferPooling, onnxWindow, type Window, windowMeans } from '../pooling.ts'
import { separableGradient, separableTensorFlow } from '../separable.ts'

type Pair = readonly [height: number, width: number]

/** Windows of a grid cell's size by the released code's int((crop - 1) / (outputStride * g) + 1), in which
 * floor((crop - 1) / outputStride) is the map's size less one. */
const windowOf = (x: readonly number[], grid: Pair): Window => {
  const side = (axis: 0 | 1) => Math.floor((x[2 + axis]! - 1) / grid[axis]) + 1
  return { kernel: [side(0), side(1)], stride: [1, 1], padding: [0, 0, 0, 0] }
}

const op: Op<{ readonly grid: Pair }> = {
  name: 'sliding-pool',
  infer(inputs, { grid }) {
    const { shape } = inputs[0]!
    if (shape.length !== 4 || !grid.every((cells) => Number.isInteger(cells) && cells > 0))
      throw new ShapeMismatch(`needs [N,C,H,W] and a grid of at least one cell, got [${grid}]`)
    return inferPooling(inputs, windowOf(shape, grid))
  },
  gradient: ({ graph, attributes: { grid }, inputs: [x], gradients: [dy] }) => [
    separableGradient(graph, dy!, windowMeans(x!.type.shape, windowOf(x!.type.shape, grid))),
  ],
  onnx: (emit, [x], { grid }, { inputs: [type] }) => [
    emit.dynamic
      ? grid.reduce((means, cells, axis) => windowMeansAlong(emit, means, 2 + axis, cells), x!)
      : emit.node('AveragePool', [x!], onnxWindow(windowOf(type!.shape, grid))),
  ],
  // TensorFlow.js's own pooling has no padding by side on some backends.
  tensorflow: (tf, [x], { grid }) => [
    separableTensorFlow(tf, x!, windowMeans(x!.shape, windowOf(x!.shape, grid))),
  ],
}

/**
 * The means over all windows of the size of a grid's cells: spatial pyramid pooling as the authors of DPC released it.
 * @param x [N,C,H,W]; @returns [N,C,H',W'], where H' = H - floor((H - 1) / gh), W' likewise
 */
export const slidingPool = (graph: GraphBuilder, x: Value, grid: Pair): Value =>
  graph.add(op, [x], { grid })[0]!
