import { sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { channelMean, channelProduct, deferScale, nchwcAffine } from '../normalisation.ts'
import type { OnnxEmitter } from '../onnx/emitter.ts'
import { elementwise, isNchwc } from '../onnx/nchwc.ts'
import { normalisedReluMask } from '../onnx/relu-mask.ts'
import type { Op } from '../op.ts'

/**
 * With s = 1/√(σ² + ε), M the numbers a channel, and sums over a channel (Ioffe and Szegedy 2015, section 3):
 *
 *     dβ = Σ dy        dγ = s (Σ dy·x - μ dβ)        dx = γ s (dy - dβ/M - s (x - μ) dγ/M)
 *
 * so that dx = a (dy + b·x + c) with a = γ s, b = -s dγ/M, c = -dβ/M - b μ by channel. Passes over memory decide the time on
 * large maps; the scale a is deferred to what reads dx.
 */
export interface Normalisation {
  readonly epsilon: number
  /** The cap of a ReLU that follows, whose gradient then reads x alone; no ReLU by default. */
  readonly cap?: number
}

const op: Op<Normalisation> = {
  name: 'batch-norm-gradient',
  infer: ([, x, gamma]) => [x!, gamma!, gamma!],
  onnx(emit, [after, x, ...statistics], { epsilon, cap }, { inputs: [xType, , gammaType] }) {
    const { shape } = xType!
    const [gamma, , mean, variance] = statistics
    const masked = (after: string, cap: number) => {
      const mask = normalisedReluMask(emit, [x!, ...statistics], shape, { epsilon, cap })
      return elementwise(emit, [after, mask], shape, (maps) => emit.node('Mul', maps))
    }
    const dy = cap === undefined ? after! : masked(after!, cap)
    const count = emit.float(sizeOf(shape) / gammaType!.shape[0]!)
    const mul = (a: string, b: string) => emit.node('Mul', [a, b])

    const deviation = emit.node('Sqrt', [emit.node('Add', [variance!, emit.float(epsilon)])])
    const beta = channelMean(emit, dy, shape)
    const product = channelProduct(emit, dy, x!, shape)
    const gamma1 = emit.node('Div', [emit.node('Sub', [product, mul(mean!, beta)]), deviation])
    const a = emit.node('Div', [gamma!, deviation])
    const b = emit.node('Neg', [emit.node('Div', [gamma1, deviation])])
    const c = emit.node('Neg', [emit.node('Add', [beta, mul(b, mean!)])])
    return [scaledSum(emit, { dy, x: x!, a, b, c }, shape), mul(gamma1, count), mul(beta, count)]
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

/** a (dy + b·x + c) */
function scaledSum(
  emit: OnnxEmitter,
  { dy, x, a, b, c }: Record<'dy' | 'x' | 'a' | 'b' | 'c', string>,
  shape: readonly number[],
): string {
  if (isNchwc(emit, x) || isNchwc(emit, dy))
    return deferScale(emit, nchwcAffine(emit, x, shape, { scale: b, shift: c, addend: dy }), a, shape)
  const [zeros, ones] = [0, 1].map((value) =>
    emit.floats([shape[1]!], new Float32Array(shape[1]!).fill(value)),
  )
  // A normalisation by mean 0 and variance 1 scales and shifts by channel in one pass over memory.
  const affine = (value: string, scale: string, shift: string) =>
    emit.node('BatchNormalization', [value, scale, shift, zeros!, ones!], { epsilon: { float: 0 } })
  const times = (value: string) => emit.node('Mul', [a, value])
  return emit.node('Add', [affine(dy, a, zeros!), affine(x, times(b), times(c))])
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
