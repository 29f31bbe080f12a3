import type { Rule } from '../target.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { elementwise, isNchwc } from './nchwc.ts'
import { reluMask, reluMaskNchwc } from './relu-mask.ts'

/** The mask as a step, in whichever layout the maps are. */
export const reluGradient: Rule<{ readonly cap: number }, BlockedEmitter> = (
  emit,
  [dy, y],
  { cap },
  { inputs: [type] },
) => {
  const { shape } = type!
  const capped = cap !== Infinity && (isNchwc(emit, dy!) || isNchwc(emit, y!))
  const mask = capped ? reluMaskNchwc(emit, y!, shape, cap) : reluMask(emit, y!, shape, cap)
  return [elementwise(emit, [dy!, mask], shape, (operands) => emit.node('Mul', operands))]
}
