import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { type CrossEntropy, classIndices, labelWeights } from '../label-weights.ts'
import { elementTypes } from '../onnx/types.ts'
import type { Op } from '../op.ts'

const op: Op<CrossEntropy> = {
  name: 'softmax-cross-entropy-gradient',
  infer: ([logits]) => [logits!],
  onnx(
    emit,
    [logits, labels, logSum],
    { labelSmoothing, ...options },
    { inputs: [logitsType, , logSumType] },
  ) {
    const classes = classIndices(logitsType!.shape)
    const float = (value: string) => emit.node('Cast', [value], { to: elementTypes.float32 })
    const label = emit.node('Reshape', [labels!, emit.ints(logSumType!.shape)])
    const { weight } = labelWeights.onnx(emit, label, logitsType!.shape, options)
    const count = emit.node('Max', [emit.node('ReduceSum', [weight], { keepdims: 0 }), emit.float(1)])
    const probability = emit.node('Exp', [emit.node('Sub', [logits!, logSum!])])
    // A comparison is right for ignored labels of any value; ONNX's OneHot wraps -1 around.
    const oneHot = float(emit.node('Equal', [label, emit.int32s(classes.shape, classes.data)]))
    const target =
      labelSmoothing === 0
        ? oneHot
        : emit.node('Add', [
            emit.node('Mul', [oneHot, emit.float(1 - labelSmoothing)]),
            emit.float(labelSmoothing / classes.data.length),
          ])
    return [emit.node('Mul', [emit.node('Sub', [probability, target]), emit.node('Div', [weight, count])])]
  },
  tensorflow(tf, [logits, labels, logSum], { labelSmoothing, ...options }) {
    const classes = classIndices(logits!.shape)
    const label = tf.reshape(labels!, logSum!.shape)
    const weight = labelWeights.tensorflow(tf, label, logits!.shape, options)
    const probability = tf.exp(tf.sub(logits!, logSum!))
    const oneHot = tf.cast(tf.equal(label, tf.tensor(classes.data, classes.shape, 'int32')), 'float32')
    const target = tf.add(tf.mul(oneHot, 1 - labelSmoothing), labelSmoothing / classes.data.length)
    return [tf.mul(tf.sub(probability, target), tf.div(weight, tf.maximum(tf.sum(weight), 1)))]
  },
}

/**
 * Gradient of softmaxCrossEntropy: (softmax(logits) - target) · weight / sum of weights where a label counts, else 0.
 * @param logits [N,C,…]; @param labels int32 [N,…]; @param logSum log Σ exp(logits) over the classes, [N,1,…].
 */
export const softmaxCrossEntropyGradient = (
  graph: GraphBuilder,
  logits: Value,
  labels: Value,
  logSum: Value,
  options: CrossEntropy,
): Value => graph.add(op, [logits, labels, logSum], options)[0]!
