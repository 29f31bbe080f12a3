import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { elementTypes } from '../onnx/schema.ts'
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

/** Where along an axis the largest element is, the first if several are; the axis goes away. Has no gradient. */
export const argmax = (graph: GraphBuilder, x: Value, axis: number): Value => graph.add(op, [x], { axis })[0]!
