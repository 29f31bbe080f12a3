import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { reduce } from '../onnx/reduce.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { mul } from './mul.ts'
import { reduceSum } from './reduce-sum.ts'
import { sub } from './sub.ts'

const op: Op<{ readonly axis: number }> = {
  name: 'softmax',
  infer([x], { axis }) {
    if (!(axis in x!.shape)) throw new ShapeMismatch(`has no axis ${axis}`)
    return [x!]
  },
  gradient({ graph, attributes: { axis }, outputs: [y], gradients: [dy] }) {
    const weighted = reduceSum(graph, mul(graph, dy!, y!), [axis])
    return [mul(graph, y!, sub(graph, dy!, weighted))]
  },
  onnx(emit, [x], { axis }, { inputs: [type] }) {
    if (axis === type!.shape.length - 1) return [emit.node('Softmax', [x!], { axis })]
    // ONNX Runtime transposes to the last axis and back, which takes ten times as long as these reductions.
    const largest = reduce(emit, 'ReduceMax', x!, [axis])
    const exponentials = emit.node('Exp', [emit.node('Sub', [x!, largest])])
    return [emit.node('Div', [exponentials, emit.node('ReduceSum', [exponentials, emit.ints([axis])])])]
  },
  // TensorFlow's own softmax knows only the last axis.
  tensorflow(tf, [x], { axis }) {
    const exponentials = tf.exp(tf.sub(x!, tf.max(x!, axis, true)))
    return [tf.div(exponentials, tf.sum(exponentials, axis, true))]
  },
}

/** exp(x) divided by its sum along an axis. */
export const softmax = (graph: GraphBuilder, x: Value, axis: number): Value =>
  graph.add(op, [x], { axis })[0]!
