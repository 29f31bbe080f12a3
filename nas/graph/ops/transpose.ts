import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'

const op: Op<{ readonly permutation: readonly number[] }> = {
  name: 'transpose',
  infer([x], { permutation }) {
    const { dtype, shape } = x!
    if ([...permutation].sort((a, b) => a - b).join() !== [...shape.keys()].join())
      throw new ShapeMismatch(`[${permutation}] is no permutation of its ${shape.length} axes`)
    return [{ dtype, shape: permutation.map((axis) => shape[axis]!) }]
  },
  gradient: ({ graph, attributes: { permutation }, gradients: [dy] }) => [
    transpose(
      graph,
      dy!,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
  onnx: (emit, [x], { permutation }) => [emit.node('Transpose', [x!], { perm: permutation })],
  tensorflow: (tf, [x], { permutation }) => [tf.transpose(x!, [...permutation])],
}

/** Axes in another order: output axis i is input axis permutation[i]. */
export const transpose = (graph: GraphBuilder, x: Value, permutation: readonly number[]): Value =>
  graph.add(op, [x], { permutation })[0]!
