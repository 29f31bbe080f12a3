import type { Layout } from '../target.ts'
import { BlockedEmitter } from './blocked-emitter.ts'
import { fromNchwc, isNchwc, paddedChannels, toNchwc } from './nchwc.ts'

/** NCHWc. @param block channels of a block */
export const nchwc = (block: number): Layout => ({
  emitter: (options) => new BlockedEmitter({ ...options, block }),
  has: (emit: BlockedEmitter, map) => isNchwc(emit, map),
  load: (emit: BlockedEmitter, stored, shape) => fromNchwc(emit, stored, shape),
  store: (emit: BlockedEmitter, map) => toNchwc(emit, map),
  typeOf({ dtype, shape: [n, c, ...size] }) {
    return { dtype, shape: [n!, paddedChannels(block, c!), ...size] }
  },
})
