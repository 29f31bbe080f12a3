import { sizeOf } from '../../../../tensor.ts'
import type { Rule } from '../target.ts'
import { deferScale, nchwcAffine, normalised } from './affine.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { channelMean, channelProduct } from './channels.ts'
import { clipped, elementwise, isNchwc } from './nchwc.ts'
import { normalisedReluMask } from './relu-mask.ts'

interface Normalisation {
  readonly epsilon: number
  readonly cap?: number
}

/**
 * E[x²] - E[x]² takes one pass over memory; rounding may make it negative. ONNX Runtime's own training mode overwrites constants that
 * other nodes share with the statistics.
 */
export const batchNorm: Rule<Normalisation, BlockedEmitter> = (
  emit,
  [x, gamma, beta],
  { epsilon, cap },
  { inputs: [xType] },
) => {
  const { shape } = xType!
  const mean = channelMean(emit, x!, shape)
  const square = channelProduct(emit, x!, x!, shape)
  const difference = emit.node('Sub', [square, emit.node('Mul', [mean, mean])])
  const variance = emit.node('Max', [difference, emit.float(0)])
  const y = normalised(emit, [x!, gamma!, beta!, mean, variance], shape, epsilon)
  return [cap === undefined ? y : clipped(emit, y, shape, { cap, sole: true }), mean, variance]
}

/**
 * With s = 1/√(σ² + ε), M the numbers a channel, and sums over a channel (Ioffe and Szegedy 2015, section 3):
 *
 *     dβ = Σ dy        dγ = s (Σ dy·x - μ dβ)        dx = γ s (dy - dβ/M - s (x - μ) dγ/M)
 *
 * so that dx = a (dy + b·x + c) with a = γ s, b = -s dγ/M, c = -dβ/M - b μ by channel. Passes over memory decide the time on
 * large maps; the scale a is deferred to what reads dx.
 */
export const batchNormGradient: Rule<Normalisation, BlockedEmitter> = (
  emit,
  [after, x, ...statistics],
  { epsilon, cap },
  { inputs: [xType, , gammaType] },
) => {
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
}

/** By given statistics, in whichever layout the map is. */
export const batchNormInference: Rule<{ readonly epsilon: number }, BlockedEmitter> = (
  emit,
  operands,
  { epsilon },
  { inputs: [x] },
) => [normalised(emit, operands, x!.shape, epsilon)]

/** a (dy + b·x + c) */
function scaledSum(
  emit: BlockedEmitter,
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
