import { sizeOf } from '../../../../tensor.ts'
import { channelMean } from '../../../normalisation.ts'
import type { Op } from '../../../op.ts'
import type { OnnxEmitter } from '../../emitter.ts'
import { clipped } from '../../nchwc.ts'
import { where0 } from './masks.ts'

interface Normalisation {
  readonly epsilon: number
  readonly cap?: number
}

const binary =
  (emit: OnnxEmitter) =>
  (type: 'Add' | 'Sub' | 'Mul' | 'Div', a: string, b: string): string =>
    emit.node(type, [a, b])

/** Numbers [C] along the channels of a map. */
const byChannel = (emit: OnnxEmitter, x: string, [, c]: readonly number[]): string =>
  emit.node('Reshape', [x, emit.ints([1, c!, 1, 1])])

/** In two passes: the difference of E[x²] and E[x]² would lose what both have in common. */
export const batchNorm: Op<Normalisation>['onnx'] = (
  emit,
  [x, gamma, beta],
  { epsilon, cap },
  { inputs: [type] },
) => {
  const { shape } = type!
  const mean = channelMean(emit, x!, shape)
  const centred = emit.node('Sub', [x!, byChannel(emit, mean, shape)])
  const variance = channelMean(emit, emit.node('Mul', [centred, centred]), shape)
  const y = emit.node('BatchNormalization', [x!, gamma!, beta!, mean, variance], {
    epsilon: { float: epsilon },
  })
  return [cap === undefined ? y : clipped(emit, y, shape, { cap, sole: true }), mean, variance]
}

/**
 * With s = 1/√(σ² + ε) and means over a channel (Ioffe and Szegedy 2015, section 3):
 * dx = γ s (dy - E[dy] - (x - μ) s² E[dy (x - μ)]), dγ = M s E[dy (x - μ)], dβ = M E[dy]
 */
export const batchNormGradient: Op<Normalisation>['onnx'] = (
  emit,
  [after, x, ...statistics],
  { epsilon, cap },
  { inputs: [type] },
) => {
  const { shape } = type!
  const [gamma, , mean, variance] = statistics as [string, string, string, string]
  const of = binary(emit)
  const along = (numbers: string) => byChannel(emit, numbers, shape)
  const y = () => emit.node('BatchNormalization', [x!, ...statistics], { epsilon: { float: epsilon } })
  const dy = cap === undefined ? after! : where0(emit, after!, y(), cap)
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
}
