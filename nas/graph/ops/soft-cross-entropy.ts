import { sameShape, sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { reduce } from '../onnx/reduce.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { mul } from './mul.ts'
import { softmax } from './softmax.ts'
import { sub } from './sub.ts'

const positions = ([n, , ...size]: readonly number[]): number => n! * sizeOf(size)

const op: Op<null> = {
  name: 'soft-cross-entropy',
  infer([logits, target]) {
    if (logits!.shape.length < 2 || !sameShape(logits!.shape, target!.shape))
      throw new ShapeMismatch('needs logits and target, both [N,C,…]')
    return [{ dtype: 'float32', shape: [] }]
  },
  gradient({ graph, inputs: [logits, target], gradients: [dy] }) {
    const share = graph.scalar(1 / positions(logits!.type.shape))
    const difference = sub(graph, softmax(graph, logits!, 1), target!)
    return [mul(graph, difference, mul(graph, dy!, share)), undefined]
  },
  // As the target sums to 1, the loss of a position is log Σ exp(logits) - Σ target · logits.
  onnx(emit, [logits, target], _, { inputs: [type] }) {
    const largest = reduce(emit, 'ReduceMax', logits!, [1])
    const shifted = emit.node('Sub', [logits!, largest])
    const sum = (value: string) => emit.node('ReduceSum', [value, emit.ints([1])])
    const logSum = emit.node('Log', [sum(emit.node('Exp', [shifted]))])
    const losses = emit.node('Sub', [logSum, sum(emit.node('Mul', [shifted, target!]))])
    const total = emit.node('ReduceSum', [losses], { keepdims: 0 })
    return [emit.node('Mul', [total, emit.float(1 / positions(type!.shape))])]
  },
  tensorflow(tf, [logits, target]) {
    const losses = tf.sub(tf.logSumExp(logits!, 1), tf.sum(tf.mul(logits!, target!), 1))
    return [tf.mean(losses)]
  },
}

/**
 * The mean over positions of -Σ target · log softmax(logits), for distillation (Hinton et al. 2015, temperature 1). No gradient goes
 * to the target.
 * @param logits [N,C,…]; @param target probabilities of the same shape; @returns a scalar
 */
export const softCrossEntropy = (graph: GraphBuilder, logits: Value, target: Value): Value =>
  graph.add(op, [logits, target], null)[0]!
