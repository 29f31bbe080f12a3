import { same } from '../../../convolution.ts'
import { affineOf, nchwcAffine, normalised } from './affine.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import {
  convolveNchwc,
  elementwise,
  fromNchwc,
  isNchwc,
  paddedChannels,
  type Shape,
  toNchwc,
} from './nchwc.ts'

/*
 * The mask of a ReLU with a cap: 1 where 0 < y < cap, else 0. A HardSigmoid of a step slope is exact for all normal numbers.
 * ONNX Runtime's comparisons and casts take twice as long as these sums and products, and its Where thrice as long.
 */

/** A slope at which all normal numbers above zero exceed 1, where HardSigmoid clips. */
const STEP_SLOPE = 3e38

/** The mask by the output y. */
export const reluMask = (emit: BlockedEmitter, y: string, shape: Shape, cap: number): string =>
  elementwise(emit, [y], shape, ([y]) => {
    const inside = cap === Infinity ? y! : emit.node('Mul', [y!, emit.node('Sub', [emit.float(cap), y!])])
    return emit.node('HardSigmoid', [inside], { alpha: { float: STEP_SLOPE }, beta: { float: 0 } })
  })

/** The same in NCHWc, for a finite cap: y² - cap·y is negative inside; a convolution adds y² in the same pass over memory. */
export function reluMaskNchwc(emit: BlockedEmitter, y: string, shape: Shape, cap: number): string {
  const x = toNchwc(emit, y)
  const channels = paddedChannels(emit.block, shape[1]!)
  const filter = emit.floats([channels, 1, 1, 1], new Float32Array(channels).fill(-cap))
  const addend = emit.node('Mul', [x, x])
  const operands = { x, filter, kernel: [1, 1], addend, activation: step(-STEP_SLOPE) } as const
  return fromNchwc(emit, convolveNchwc(emit, operands, same([1, 1], { groups: channels })), shape)
}

/**
 * The mask by the operands of the normalisation before the ReLU: x, gamma, beta, mean, variance. In NCHWc it takes two passes
 * over memory, and is exact but for what lies within rounding of the bounds: |y - cap/2|, as a leaky ReLU of slope -1, then
 * cap/2 less that, which is positive inside.
 */
export function normalisedReluMask(
  emit: BlockedEmitter,
  operands: readonly string[],
  shape: Shape,
  { epsilon, cap }: { readonly epsilon: number; readonly cap: number },
): string {
  const [x, ...statistics] = operands as [string, ...string[]]
  if (!isNchwc(emit, x)) return reluMask(emit, normalised(emit, operands, shape, epsilon), shape, cap)
  const { scale, shift } = affineOf(emit, statistics, epsilon)
  if (cap === Infinity) return nchwcAffine(emit, x, shape, { scale, shift, activation: step(STEP_SLOPE) })
  const middle = emit.float(cap / 2)
  const fromMiddle = nchwcAffine(emit, x, shape, {
    scale,
    shift: emit.node('Sub', [shift, middle]),
    activation: fused('LeakyRelu', -1),
  })
  const all = (value: number) => emit.floats([shape[1]!], new Float32Array(shape[1]!).fill(value))
  const affine = { scale: all(-1), shift: all(cap / 2), activation: step(STEP_SLOPE) }
  return nchwcAffine(emit, fromMiddle, shape, affine)
}

const fused = (activation: string, ...floats: readonly number[]) => ({
  activation,
  activation_params: { floats },
})

const step = (slope: number) => fused('HardSigmoid', slope, 0)
