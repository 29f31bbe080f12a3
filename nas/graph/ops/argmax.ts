import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { elementTypes } from '../onnx/types.ts'
import { type Op, ShapeMismatch } from '../op.ts'

const op: Op<{ readonly axis: number }> = {
  name: 'argmax',
  infer([x], { axis }) {
    if (!(axis in x!.shape)) throw new ShapeMismatch(`has no axis ${axis}`)
    return [{ dtype: 'int32', shape: x!.shape.filter((_, i) => i !== axis) }]
  },
  onnx: (emit, [x], { axis }) => [
    emit.node('Cast', [emit.node('ArgMax', [x!], { axis, keepdims: 0 })], { to: elementTypes.int32 }),
  ],
  tensorflow: (tf, [x], { axis }) => [tf.argMax(x!, axis)],
}

/** The index of the largest element along an axis, the first of equal ones; the axis is removed. Not differentiable. */
export const argmax = (graph: GraphBuilder, x: Value, axis: number): Value => graph.add(op, [x], { axis })[0]!
