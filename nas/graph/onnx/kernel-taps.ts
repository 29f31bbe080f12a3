import type { OnnxEmitter } from './emitter.ts'

/**
 * A filter gradient [_,_,h,w] out of the convolution that computes it: a stride may skip rows and columns at the end of the input, which
 * appear there as taps beyond the kernel's.
 */
export const kernelTaps = (
  emit: OnnxEmitter,
  taps: string,
  [rows, columns]: readonly [number, number],
  [h, w]: readonly [number, number],
): string =>
  rows === h && columns === w
    ? taps
    : emit.node('Slice', [taps, emit.ints([0, 0]), emit.ints([h, w]), emit.ints([2, 3])])
