import { float32 } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { checkPerChannel, normalised } from '../normalisation.ts'
import type { Op } from '../op.ts'
import { mul } from './mul.ts'
import { reduceSum } from './reduce-sum.ts'
import { reshape } from './reshape.ts'

const op: Op<{ readonly epsilon: number }> = {
  name: 'batch-norm-inference',
  infer([x, ...perChannel]) {
    checkPerChannel(x!, perChannel)
    return [x!]
  },
  gradient({ graph, attributes, inputs: [x, gamma, , mean, variance], gradients: [dy], needed }) {
    const { shape } = gamma!.type
    const constant = (value: number) => graph.constant(float32(shape, Array<number>(shape[0]!).fill(value)))
    const sum = (value: Value) => reshape(graph, reduceSum(graph, value, [0, 2, 3]), shape)
    const normalised = () =>
      batchNormInference(graph, x!, constant(1), constant(0), mean!, variance!, attributes)
    return [
      needed[0]
        ? batchNormInference(graph, dy!, gamma!, constant(0), constant(0), variance!, attributes)
        : undefined,
      needed[1] ? sum(mul(graph, dy!, normalised())) : undefined,
      needed[2] ? sum(dy!) : undefined,
    ]
  },
  onnx: (emit, inputs, { epsilon }) => [normalised(emit, inputs, epsilon)],
  tensorflow(tf, [x, ...perChannel], { epsilon }) {
    const [gamma, beta, mean, variance] = perChannel.map((value) => tf.reshape(value, [1, -1, 1, 1]))
    const scale = tf.div(gamma!, tf.sqrt(tf.add(variance!, epsilon)))
    return [tf.add(tf.mul(tf.sub(x!, mean!), scale), beta!)]
  },
}

/**
 * Batch normalisation by given statistics: (x - mean) / sqrt(variance + epsilon) · gamma + beta.
 * The statistics are constants: they get no gradient.
 * @param x [N,C,H,W]; gamma, beta, mean and variance are [C].
 */
export const batchNormInference = (
  graph: GraphBuilder,
  x: Value,
  gamma: Value,
  beta: Value,
  mean: Value,
  variance: Value,
  { epsilon }: { readonly epsilon: number },
): Value => graph.add(op, [x, gamma, beta, mean, variance], { epsilon })[0]!
