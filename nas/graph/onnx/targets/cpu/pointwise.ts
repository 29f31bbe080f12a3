import { same } from '../../../convolution.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import {
  canBeBlocked,
  convolveMap,
  filterTiles,
  isNchwc,
  paddedChannels,
  type Shape,
  toNchwc,
  unpadChannels,
} from './nchwc.ts'

/*
 * 1x1 convolutions whose wider map is in NCHWc, as the maps of a depthwise convolution are. The narrower map stays in NCHW:
 * additions and normalisations of it then read less memory.
 */

interface Maps {
  readonly x: Shape
  /** Channels of the result. */
  readonly channels: number
}

/** Whether such a convolution is faster in NCHWc: where x is in NCHWc already, or the result is wider than x. */
export const suitsNchwc = (emit: BlockedEmitter, x: string, { x: shape, channels }: Maps): boolean =>
  [shape[1]!, channels].every((c) => canBeBlocked(emit, c)) && (isNchwc(emit, x) || channels > shape[1]!)

interface Operands {
  /** [K,C,1,1], or [C,K,1,1] where it is transposed. */
  readonly filter: string
  readonly transposed: boolean
  /** [K] */
  readonly bias?: string | undefined
}

/** x [N,C,H,W] to [N,K,H,W]. */
export function nchwcPointwise(
  emit: BlockedEmitter,
  x: string,
  { x: shape, channels }: Maps,
  { filter, transposed, bias }: Operands,
): string {
  const c = shape[1]!
  const tiles = filterTiles(emit, filter, { channels: [channels, c], taps: [1, 1], transposed })
  const filters = { filter: tiles, filterShape: [channels, c, 1, 1], bias }
  const map = convolveMap(emit, x, shape, filters, same([1, 1]))
  if (channels < c) emit.nchwc.delete(map)
  return map
}

/**
 * narrow · wideᵀ over positions and images, for a wide map in NCHWc: [N,C,H,W] and [N,E,H,W] to [E,C]. On small maps, one
 * product for all images moves less memory than the sum of a product by image.
 */
export function nchwcProduct(
  emit: BlockedEmitter,
  narrow: string,
  wide: string,
  [n, c, h, w]: Shape,
  channels: number,
): string {
  const { block } = emit
  const positions = h! * w!
  const blocks = paddedChannels(block, channels) / block
  const reshape = (x: string, shape: Shape) => emit.node('Reshape', [x, emit.ints(shape)])
  const maps = reshape(toNchwc(emit, wide), [n!, blocks, positions, block])
  let products: string
  if (c! > positions) {
    const byBlock = reshape(emit.node('Transpose', [maps], { perm: [1, 0, 2, 3] }), [
      blocks,
      n! * positions,
      block,
    ])
    const byChannel = emit.node('Transpose', [reshape(narrow, [n!, c!, positions])], { perm: [1, 0, 2] })
    products = emit.node('MatMul', [reshape(byChannel, [c!, n! * positions]), byBlock])
  } else {
    const byImage = emit.node('MatMul', [reshape(narrow, [n!, 1, c!, positions]), maps])
    products = emit.node('ReduceSum', [byImage, emit.ints([0])], { keepdims: 0 })
  }
  // [E/B, C, B]
  const all = reshape(emit.node('Transpose', [products], { perm: [0, 2, 1] }), [blocks * block, c!])
  return unpadChannels(emit, all, channels)
}
