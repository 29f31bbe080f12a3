import { sizeOf } from '../../../../tensor.ts'
import type { Rule } from '../target.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { channelProduct as meanProduct } from './channels.ts'

/** In whichever layout the maps are. */
export const channelProduct: Rule<null, BlockedEmitter> = (
  emit,
  [a, b],
  _,
  { inputs: [type], outputs: [y] },
) => {
  const count = emit.float(sizeOf(type!.shape) / sizeOf(y!.shape))
  return [emit.node('Mul', [meanProduct(emit, a!, b!, type!.shape), count])]
}
