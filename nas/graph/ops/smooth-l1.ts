import { sameShape } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { mul } from './mul.ts'
import { smoothL1Gradient } from './smooth-l1-gradient.ts'

interface Attributes {
  readonly beta: number
}

const op: Op<Attributes> = {
  name: 'smooth-l1',
  infer([x, target, weight], { beta }) {
    if (!sameShape(x!.shape, target!.shape) || !sameShape(x!.shape, weight!.shape))
      throw new ShapeMismatch('x, target and weight must have one shape')
    if (!(beta > 0)) throw new ShapeMismatch(`beta must be above 0, not ${beta}`)
    return [{ dtype: 'float32', shape: [] }]
  },
  gradient: ({ graph, attributes, inputs: [x, target, weight], gradients: [dy] }) => [
    mul(graph, smoothL1Gradient(graph, x!, target!, weight!, attributes), dy!),
  ],
  // With c = min(|d|, β), both cases are c (|d| - c/2) / β.
  onnx(emit, [x, target, weight], { beta }) {
    const distance = emit.node('Abs', [emit.node('Sub', [x!, target!])])
    const near = emit.node('Min', [distance, emit.float(beta)])
    const rest = emit.node('Sub', [distance, emit.node('Mul', [near, emit.float(0.5)])])
    const loss = emit.node('Mul', [emit.node('Div', [near, emit.float(beta)]), rest])
    return [emit.node('ReduceSum', [emit.node('Mul', [loss, weight!])], { keepdims: 0 })]
  },
  tensorflow(tf, [x, target, weight], { beta }) {
    const distance = tf.abs(tf.sub(x!, target!))
    const near = tf.minimum(distance, beta)
    const loss = tf.mul(tf.div(near, beta), tf.sub(distance, tf.mul(near, 0.5)))
    return [tf.sum(tf.mul(loss, weight!))]
  },
}

/**
 * Σ weight · l(x - target), where l(d) is d² / 2β within β of 0, else |d| - β/2 (Girshick 2015, arXiv 1504.08083, equation 3, with
 * the β that later detectors have). The weights say what counts, 0 or more, and hold the normaliser.
 * @param target and `weight` are of the shape of x, and have no gradient.
 * @returns a scalar
 */
export const smoothL1 = (
  graph: GraphBuilder,
  x: Value,
  target: Value,
  weight: Value,
  { beta }: Attributes,
): Value => graph.add(op, [x, target, weight], { beta })[0]!
