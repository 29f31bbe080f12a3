import { sameShape } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'
import { sub } from './sub.ts'

const op: Op<null> = {
  name: 'binary-cross-entropy',
  infer([logits, target, weight]) {
    if (!sameShape(logits!.shape, target!.shape) || !sameShape(logits!.shape, weight!.shape))
      throw new ShapeMismatch('logits, target and weight must have one shape')
    return [{ dtype: 'float32', shape: [] }]
  },
  gradient({ graph, inputs: [logits, target, weight], gradients: [dy] }) {
    const slope = sub(graph, sigmoid(graph, logits!), target!)
    return [mul(graph, mul(graph, slope, weight!), dy!)]
  },
  // Neither engine's softplus overflows: for large x it is x + log(1 + exp(-x)).
  onnx(emit, [logits, target, weight]) {
    const ofTarget = emit.node('Mul', [logits!, target!])
    const loss = emit.node('Sub', [emit.node('Softplus', [logits!]), ofTarget])
    return [emit.node('ReduceSum', [emit.node('Mul', [loss, weight!])], { keepdims: 0 })]
  },
  tensorflow: (tf, [logits, target, weight]) => [
    tf.sum(tf.mul(tf.sub(tf.softplus(logits!), tf.mul(logits!, target!)), weight!)),
  ],
}

/**
 * Σ weight · (log(1 + exp(x)) - target · x): the cross entropy of independent decisions, whose logits are x. The weights say what
 * counts, 0 or more, and hold the normaliser.
 * @param target from 0 to 1; it and `weight` are of the shape of the logits, and have no gradient.
 * @returns a scalar
 */
export const binaryCrossEntropy = (graph: GraphBuilder, logits: Value, target: Value, weight: Value): Value =>
  graph.add(op, [logits, target, weight], null)[0]!
