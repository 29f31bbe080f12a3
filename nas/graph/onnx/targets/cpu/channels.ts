import { same } from '../../../convolution.ts'
import * as plain from '../../../normalisation.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import {
  convolveNchwc,
  isNchwc,
  meanOverPositions,
  paddedChannels,
  type Shape,
  toNchwc,
  unpadChannels,
} from './nchwc.ts'

/* Sums by channel, in whichever layout maps are. */

/** The mean of a map [N,C,H,W] by channel: [C]. */
export function channelMean(emit: BlockedEmitter, x: string, shape: Shape): string {
  if (!isNchwc(emit, x)) return plain.channelMean(emit, x, shape)
  const [n, c] = shape as [number, number]
  const byImage = meanOverPositions(emit, toNchwc(emit, x))
  return unpadChannels(emit, plain.overImages(emit, byImage, [n, paddedChannels(emit.block, c)], 1 / n), c)
}

/**
 * The mean of the product of two maps [N,C,H,W] by channel: [C]. In NCHWc, it is a depthwise convolution of one with the
 * other, which does not write the product to memory.
 */
export function channelProduct(emit: BlockedEmitter, a: string, b: string, shape: Shape): string {
  if (!isNchwc(emit, a) && !isNchwc(emit, b)) return plain.channelProduct(emit, a, b, shape)
  const [n, c, h, w] = shape as [number, number, number, number]
  const channels = paddedChannels(emit.block, c)
  const row = (x: string, shape: Shape) => emit.node('Reshape', [toNchwc(emit, x), emit.ints(shape)])
  const sums = convolveNchwc(
    emit,
    {
      x: row(a, [1, n * channels, 1, h * w]),
      filter: row(b, [n * channels, 1, 1, h * w]),
      kernel: [1, h * w],
    },
    same([1, 1], { groups: n * channels }),
  )
  return unpadChannels(emit, plain.overImages(emit, sums, [n, channels], 1 / (n * h * w)), c)
}
