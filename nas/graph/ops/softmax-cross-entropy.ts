import { sameShape, showShape } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type CrossEntropy, classIndices, labelWeights } from '../label-weights.ts'
import { reduce } from '../onnx/reduce.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { mul } from './mul.ts'
import { softmaxCrossEntropyGradient } from './softmax-cross-entropy-gradient.ts'

/** The second output is log Σ exp(logits) over the classes, [N,1,…], which the gradient reads. */
const op: Op<CrossEntropy> = {
  name: 'softmax-cross-entropy',
  infer([logits, labels]) {
    const { shape } = logits!
    const wanted = shape.filter((_, axis) => axis !== 1)
    if (shape.length < 2 || labels!.dtype !== 'int32' || !sameShape(labels!.shape, wanted))
      throw new ShapeMismatch(`needs logits [N,C,…] and int32 labels [N,…], here ${showShape(wanted)}`)
    return [
      { dtype: 'float32', shape: [] },
      { dtype: 'float32', shape: shape.with(1, 1) },
    ]
  },
  gradient({ graph, attributes, inputs: [logits, labels], outputs: [, logSum], gradients: [dy] }) {
    return [mul(graph, softmaxCrossEntropyGradient(graph, logits!, labels!, logSum!, attributes), dy!)]
  },
  onnx(
    emit,
    [logits, labels],
    { labelSmoothing, ...options },
    { inputs: [logitsType], outputs: [, logSumType] },
  ) {
    const label = emit.node('Reshape', [labels!, emit.ints(logSumType!.shape)])
    const { counted, weight } = labelWeights.onnx(emit, label, logitsType!.shape, options)
    const largest = reduce(emit, 'ReduceMax', logits!, [1])
    const exponentials = emit.node('Exp', [emit.node('Sub', [logits!, largest])])
    const sum = emit.node('ReduceSum', [exponentials, emit.ints([1])])
    const logSum = emit.node('Add', [largest, emit.node('Log', [sum])])
    const known = emit.node('Where', [counted, label, emit.int32s([], Int32Array.of(0))])
    const ofLabel = emit.node('GatherElements', [logits!, known], { axis: 1 })
    const scaled = (value: string, by: number) => emit.node('Mul', [value, emit.float(by)])
    const mean = () => reduce(emit, 'ReduceMean', logits!, [1])
    const ofTarget =
      labelSmoothing === 0
        ? ofLabel
        : emit.node('Add', [scaled(ofLabel, 1 - labelSmoothing), scaled(mean(), labelSmoothing)])
    const losses = emit.node('Mul', [emit.node('Sub', [logSum, ofTarget]), weight])
    const total = (value: string) => emit.node('ReduceSum', [value], { keepdims: 0 })
    const count = emit.node('Max', [total(weight), emit.float(1)])
    return [emit.node('Div', [total(losses), count]), logSum]
  },
  tensorflow(tf, [logits, labels], { labelSmoothing, ...options }, { outputs: [, logSumType] }) {
    const classes = classIndices(logits!.shape)
    const label = tf.reshape(labels!, [...logSumType!.shape])
    const weight = labelWeights.tensorflow(tf, label, logits!.shape, options)
    const indices = tf.tensor(classes.data, classes.shape, 'int32')
    const logSum = tf.logSumExp(logits!, 1, true)
    const ofLabel = tf.sum(tf.where(tf.equal(label, indices), logits!, 0), 1, true)
    const mean = tf.mean(logits!, 1, true)
    const ofTarget = tf.add(tf.mul(ofLabel, 1 - labelSmoothing), tf.mul(mean, labelSmoothing))
    const losses = tf.mul(tf.sub(logSum, ofTarget), weight)
    return [tf.div(tf.sum(losses), tf.maximum(tf.sum(weight), 1)), logSum]
  },
}

/**
 * Weighted mean of -Σ target · log softmax(logits) over all positions but those labelled `ignoreLabel`; 0 if there are none.
 *
 * The target is the label's class, of whose probability `labelSmoothing` is spread evenly over all C classes (Szegedy et
 * al. 2016, section 7): the loss is log Σ exp(logits) - (1 - e) logits[label] - e mean(logits).
 * @param logits [N,C,H,W] or [N,C]; @param labels int32 [N,H,W] or [N], each `ignoreLabel` (any integer) or in 0 … C-1.
 * @returns a scalar
 */
export const softmaxCrossEntropy = (
  graph: GraphBuilder,
  logits: Value,
  labels: Value,
  {
    ignoreLabel,
    labelSmoothing = 0,
    classBalance = 0,
  }: Pick<CrossEntropy, 'ignoreLabel'> & Partial<CrossEntropy>,
): Value => graph.add(op, [logits, labels], { ignoreLabel, labelSmoothing, classBalance })[0]!
