import { TrellisError } from '../../errors.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { alongChannels, channelMean, checkPerChannel, normalised } from '../normalisation.ts'
import { clip } from '../onnx/clip.ts'
import type { Op } from '../op.ts'
import { batchNormGradient, type Normalisation } from './batch-norm-gradient.ts'

const op: Op<Normalisation> = {
  name: 'batch-norm',
  infer([x, gamma, beta]) {
    checkPerChannel(x!, [gamma!, beta!])
    return [x!, gamma!, gamma!]
  },
  gradient({ graph, attributes, inputs, outputs: [, mean, variance], gradients }) {
    const [dy, ...ofStatistics] = gradients
    if (dy === undefined || ofStatistics.some((gradient) => gradient !== undefined))
      throw new TrellisError('invalid-graph', 'a loss cannot depend on the statistics of batch-norm itself')
    const [x, gamma, beta] = inputs as [Value, Value, Value]
    return batchNormGradient(graph, dy, x, [gamma, beta, mean!, variance!], attributes)
  },
  // In two passes: the difference of E[x²] and E[x]² would lose what both have in common.
  onnx(emit, [x, gamma, beta], { epsilon, cap }, { inputs: [type] }) {
    const { shape } = type!
    const mean = channelMean(emit, x!, shape)
    const centred = emit.node('Sub', [x!, alongChannels(emit, mean, shape)])
    const variance = channelMean(emit, emit.node('Mul', [centred, centred]), shape)
    const y = normalised(emit, [x!, gamma!, beta!, mean, variance], epsilon)
    return [cap === undefined ? y : clip(emit, y, cap), mean, variance]
  },
  tensorflow(tf, [x, gamma, beta], { epsilon, cap }) {
    const { mean, variance } = tf.moments(x!, [0, 2, 3], true)
    const channels = (value: typeof mean) => tf.reshape(value, [1, -1, 1, 1])
    const scale = tf.div(channels(gamma!), tf.sqrt(tf.add(variance, epsilon)))
    const y = tf.add(tf.mul(tf.sub(x!, mean), scale), channels(beta!))
    const activated = cap === undefined ? y : tf.clipByValue(y, 0, cap)
    return [activated, tf.reshape(mean, [-1]), tf.reshape(variance, [-1])]
  },
}

/**
 * Batch normalisation in training (Ioffe and Szegedy 2015, algorithm 1): every channel by its mean and its biased variance
 * over batch and positions, then scaled by gamma and shifted by beta; with a cap, min(max(·, 0), cap) follows.
 * @param x [N,C,H,W]; gamma and beta are [C].
 * @returns y [N,C,H,W], and the batch's mean and variance [C] for running averages; a loss cannot depend on these two.
 */
export function batchNorm(
  graph: GraphBuilder,
  x: Value,
  gamma: Value,
  beta: Value,
  attributes: Normalisation,
): { readonly y: Value; readonly mean: Value; readonly variance: Value } {
  const [y, mean, variance] = graph.add(op, [x, gamma, beta], attributes)
  return { y: y!, mean: mean!, variance: variance! }
}
