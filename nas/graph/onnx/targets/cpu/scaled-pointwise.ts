import type { Rule } from '../target.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { clipped } from './nchwc.ts'
import { nchwcPointwise, suitsNchwc } from './pointwise.ts'

/** The activation is part of the convolution. */
export const scaledPointwise: Rule<{ readonly cap: number }, BlockedEmitter> = (
  emit,
  [x, weight, scale, shift],
  { cap },
  { inputs: [type], outputs: [y] },
) => {
  const k = y!.shape[1]!
  const maps = { x: type!.shape, channels: k }
  if (!suitsNchwc(emit, x!, maps)) return undefined
  const byChannel = emit.node('Reshape', [scale!, emit.ints([k, 1, 1, 1])])
  const filter = emit.node('Mul', [weight!, byChannel])
  const scaled = nchwcPointwise(emit, x!, maps, { filter, transposed: false, bias: shift! })
  return [clipped(emit, scaled, y!.shape, { cap, sole: true })]
}
