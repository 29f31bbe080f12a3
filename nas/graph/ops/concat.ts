import { showShape } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { slice } from './slice.ts'

const op: Op<{ readonly axis: number }> = {
  name: 'concat',
  infer(inputs, { axis }) {
    const first = inputs[0]
    if (first === undefined || !(axis in first.shape)) throw new ShapeMismatch(`nothing has an axis ${axis}`)
    const { dtype, shape } = first
    for (const other of inputs)
      if (
        other.dtype !== dtype ||
        other.shape.length !== shape.length ||
        other.shape.some((length, i) => i !== axis && length !== shape[i])
      )
        throw new ShapeMismatch(
          `${showShape(other.shape)} differs from ${showShape(shape)} beyond axis ${axis}`,
        )
    const length = inputs.reduce((sum, input) => sum + input.shape[axis]!, 0)
    return [{ dtype, shape: shape.with(axis, length) }]
  },
  gradient({ graph, attributes: { axis }, inputs, gradients: [dy], needed }) {
    let end = 0
    return inputs.map(({ type: { shape } }, i) => {
      const start = end
      end += shape[axis]!
      if (!needed[i]) return undefined
      const starts = shape.map((_, j) => (j === axis ? start : 0))
      return slice(graph, dy!, { starts, ends: shape.with(axis, end) })
    })
  },
  onnx: (emit, inputs, { axis }) => [emit.node('Concat', inputs, { axis })],
  tensorflow: (tf, inputs, { axis }) => [tf.concat([...inputs], axis)],
}

/** Concatenates values along an axis; their other lengths are equal. */
export const concat = (graph: GraphBuilder, values: readonly Value[], axis: number): Value =>
  graph.add(op, values, { axis })[0]!
