import { showShape, sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'

/** ONNX's length of an axis that is that of the input. */
const AS_INPUT = 0

const op: Op<{ readonly shape: readonly number[] }> = {
  name: 'reshape',
  infer([x], { shape }) {
    if (sizeOf(x!.shape) !== sizeOf(shape))
      throw new ShapeMismatch(`does not hold as many numbers as ${showShape(shape)}`)
    return [{ dtype: x!.dtype, shape }]
  },
  gradient: ({ graph, inputs: [x], gradients: [dy] }) => [reshape(graph, dy!, x!.type.shape)],
  onnx(emit, [x], { shape }, { inputs: [type] }) {
    const keepsBatch = emit.dynamic && shape[0] === type!.shape[0]
    return [emit.node('Reshape', [x!, emit.ints(keepsBatch ? shape.with(0, AS_INPUT) : shape)])]
  },
  tensorflow: (tf, [x], { shape }) => [tf.reshape(x!, [...shape])],
}

/** The same numbers in another shape. */
export const reshape = (graph: GraphBuilder, x: Value, shape: readonly number[]): Value =>
  graph.add(op, [x], { shape })[0]!
