import { sameShape, sizeOf } from '../../../../tensor.ts'
import type { Rule } from '../target.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { channelMean } from './channels.ts'
import { isNchwc } from './nchwc.ts'

/** By channel, of a map in NCHWc. */
export const reduceSum: Rule<{ readonly axes: readonly number[] }, BlockedEmitter> = (
  emit,
  [x],
  { axes },
  { inputs: [type], outputs: [y] },
) => {
  if (!isNchwc(emit, x!) || !sameShape(axes, [0, 2, 3])) return undefined
  const count = emit.float(sizeOf(type!.shape) / sizeOf(y!.shape))
  const sum = emit.node('Mul', [channelMean(emit, x!, type!.shape), count])
  return [emit.node('Reshape', [sum, emit.ints(y!.shape)])]
}
