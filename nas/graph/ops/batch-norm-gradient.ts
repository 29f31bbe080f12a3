import { sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { alongChannels, channelMean, normalised } from '../normalisation.ts'
import { inside } from '../onnx/inside.ts'
import type { Op } from '../op.ts'

export interface Normalisation {
  readonly epsilon: number
  /** The cap of a ReLU that follows, whose gradient then reads x alone; no ReLU by default. */
  readonly cap?: number
}

/**
 * With s = 1/√(σ² + ε) and means over a channel (Ioffe and Szegedy 2015, section 3):
 *
 *     dx = γ s (dy - E[dy] - (x - μ) s² E[dy (x - μ)])        dγ = M s E[dy (x - μ)]        dβ = M E[dy]
 */
const op: Op<Normalisation> = {
  name: 'batch-norm-gradient',
  infer: ([, x, gamma]) => [x!, gamma!, gamma!],
  onnx(emit, [after, x, ...statistics], { epsilon, cap }, { inputs: [type] }) {
    const { shape } = type!
    const [gamma, , mean, variance] = statistics as [string, string, string, string]
    const of = (type: 'Add' | 'Sub' | 'Mul' | 'Div', a: string, b: string) => emit.node(type, [a, b])
    const along = (numbers: string) => alongChannels(emit, numbers, shape)
    const y = () => normalised(emit, [x!, ...statistics], epsilon)
    const dy = cap === undefined ? after! : inside(emit, after!, y(), cap)
    const deviation = emit.node('Sqrt', [of('Add', variance, emit.float(epsilon))])
    const centred = of('Sub', x!, along(mean))
    const ofBeta = channelMean(emit, dy, shape)
    const ofGamma = of('Div', channelMean(emit, of('Mul', dy, centred), shape), deviation)
    const common = of('Mul', centred, along(of('Div', ofGamma, deviation)))
    const difference = of('Sub', of('Sub', dy, along(ofBeta)), common)
    const count = emit.float(sizeOf(shape) / shape[1]!)
    return [
      of('Mul', difference, along(of('Div', gamma, deviation))),
      of('Mul', ofGamma, count),
      of('Mul', ofBeta, count),
    ]
  },
  tensorflow(tf, [after, x, ...perChannel], { epsilon, cap }) {
    const [gamma, beta, mean, variance] = perChannel.map((value) => tf.reshape(value, [1, -1, 1, 1]))
    const deviation = tf.sqrt(tf.add(variance!, epsilon))
    const normalised = tf.div(tf.sub(x!, mean!), deviation)
    const y = tf.add(tf.mul(normalised, gamma!), beta!)
    const mask = (cap: number) => tf.cast(tf.logicalAnd(tf.greater(y, 0), tf.less(y, cap)), 'float32')
    const dy = cap === undefined ? after! : tf.mul(after!, mask(cap))
    const count = x!.size / gamma!.size
    const dBeta = tf.sum(dy, [0, 2, 3], true)
    const dGamma = tf.sum(tf.mul(dy, normalised), [0, 2, 3], true)
    const common = tf.div(tf.add(dBeta, tf.mul(normalised, dGamma)), count)
    const dx = tf.mul(tf.sub(dy, common), tf.div(gamma!, deviation))
    return [dx, tf.reshape(dGamma, [-1]), tf.reshape(dBeta, [-1])]
  },
}

/**
 * Gradient of batchNorm.
 * @param dy [N,C,H,W]; @param x [N,C,H,W] its input; @param statistics gamma, beta, and mean and variance of the batch, each [C].
 * @returns dx [N,C,H,W], dgamma [C], dbeta [C]
 */
export const batchNormGradient = (
  graph: GraphBuilder,
  dy: Value,
  x: Value,
  statistics: readonly [gamma: Value, beta: Value, mean: Value, variance: Value],
  attributes: Normalisation,
): readonly Value[] => graph.add(op, [dy, x, ...statistics], attributes)
