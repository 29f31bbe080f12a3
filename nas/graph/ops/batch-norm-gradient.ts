import { sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import {
  blockedAffine,
  channelMean,
  channelProduct,
  normalised,
  normalisingAffine,
  scaledLater,
} from '../normalisation.ts'
import { elementwise, inBlocks } from '../onnx/nchwc.ts'
import type { OnnxEmitter } from '../onnx/emitter.ts'
import type { Op } from '../op.ts'
import { openWhere, STEEP } from './relu-gradient.ts'

/**
 * With s = 1/√(σ² + ε), M the numbers a channel, and sums over a channel (Ioffe and Szegedy 2015, section 3):
 *
 *     dβ = Σ dy        dγ = s (Σ dy·x - μ dβ)        dx = γ s (dy - dβ/M - s (x - μ) dγ/M)
 *
 * so that dx = a (dy + b·x + c) with a = γ s, b = -s dγ/M, c = -dβ/M - b μ by channel: what counts on large maps is how
 * often memory is walked, and a can wait for what reads dx.
 */
export interface Normalisation {
  readonly epsilon: number
  /** Of the relu that follows, whose gradient then needs nothing but x; none by default. */
  readonly cap?: number
}

const op: Op<Normalisation> = {
  name: 'batch-norm-gradient',
  infer: ([, x, gamma]) => [x!, gamma!, gamma!],
  onnx(emit, [after, x, ...statistics], { epsilon, cap }, { inputs: [xType, , gammaType] }) {
    const { shape } = xType!
    const [gamma, , mean, variance] = statistics
    const operands = [x!, ...statistics]
    const dy = cap === undefined ? after! : closed(emit, after!, operands, shape, { epsilon, cap })
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
    const isOpen = (cap: number) => tf.cast(tf.logicalAnd(tf.greater(y, 0), tf.less(y, cap)), 'float32')
    const dy = cap === undefined ? after! : tf.mul(after!, isOpen(cap))
    const count = x!.size / gamma!.size
    const dBeta = tf.sum(dy, [0, 2, 3], true)
    const dGamma = tf.sum(tf.mul(dy, normalised), [0, 2, 3], true)
    const common = tf.div(tf.add(dBeta, tf.mul(normalised, dGamma)), count)
    const dx = tf.mul(tf.sub(dy, common), tf.div(gamma!, deviation))
    return [dx, tf.reshape(dGamma, [-1]), tf.reshape(dBeta, [-1])]
  },
}

/**
 * dy where what x is normalised to is between 0 and the cap, else 0. In blocks, that is found in two walks, but for what lies
 * within rounding of the bounds: |y - cap/2|, as a leaky relu of slope -1, then cap/2 less that, which is above zero there.
 */
function closed(
  emit: OnnxEmitter,
  dy: string,
  operands: readonly string[],
  shape: readonly number[],
  { epsilon, cap }: { readonly epsilon: number; readonly cap: number },
): string {
  const [x, ...statistics] = operands as [string, ...string[]]
  const activation = (activation: string, ...floats: number[]) => ({
    activation,
    activation_params: { floats },
  })
  const open = () => {
    if (!inBlocks(emit, x)) return openWhere(emit, normalised(emit, operands, shape, epsilon), shape, cap)
    const { scale, shift } = normalisingAffine(emit, statistics, epsilon)
    const steep = activation('HardSigmoid', STEEP, 0)
    if (cap === Infinity) return blockedAffine(emit, x, shape, { scale, shift, activation: steep })
    const middle = emit.float(cap / 2)
    const fromMiddle = blockedAffine(emit, x, shape, {
      scale,
      shift: emit.node('Sub', [shift, middle]),
      activation: activation('LeakyRelu', -1),
    })
    const all = (value: number) => emit.floats([shape[1]!], new Float32Array(shape[1]!).fill(value))
    return blockedAffine(emit, fromMiddle, shape, { scale: all(-1), shift: all(cap / 2), activation: steep })
  }
  return elementwise(emit, [dy, open()], shape, (maps) => emit.node('Mul', maps))
}

/** a (dy + b·x + c) */
function scaledSum(
  emit: OnnxEmitter,
  { dy, x, a, b, c }: Record<'dy' | 'x' | 'a' | 'b' | 'c', string>,
  shape: readonly number[],
): string {
  if (inBlocks(emit, x) || inBlocks(emit, dy))
    return scaledLater(emit, blockedAffine(emit, x, shape, { scale: b, shift: c, addend: dy }), a, shape)
  const [zeros, ones] = [0, 1].map((value) =>
    emit.floats([shape[1]!], new Float32Array(shape[1]!).fill(value)),
  )
  // Normalisation by mean 0 and variance 1 scales and shifts a channel in one walk.
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
