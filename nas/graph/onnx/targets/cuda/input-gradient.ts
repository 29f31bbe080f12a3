import type { Convolution } from '../../../convolution.ts'
import type { OnnxEmitter } from '../../emitter.ts'
import type { Rule } from '../target.ts'

interface Attributes {
  readonly convolution: Convolution
  /** [N,C,H,W] of the convolution's input. */
  readonly inputShape: readonly number[]
}

/** A convolution of dy, with zeros between its rows and columns for the stride, with the flipped filter. */
export const inputGradient: Rule<Attributes> = (
  emit,
  [dy, filter],
  { convolution: { stride, dilation, padding, groups }, inputShape },
  { inputs: [dyType, filterType] },
) => {
  const kernel = filterType!.shape.slice(2)
  const [before, after] = [[] as number[], [] as number[]]
  for (const axis of [0, 1] as const) {
    const reach = dilation[axis] * (kernel[axis]! - 1)
    before[axis] = reach - padding[axis]
    after[axis] = inputShape[2 + axis]! - dyType!.shape[2 + axis]! * stride[axis] + reach - before[axis]!
  }
  const spread = zeroInserted(emit, dy!, dyType!.shape, stride)
  // Where the padding is wider than the kernel, or the stride skips rows at the end, the map has more than the gradient.
  const cropped = cutOff(emit, spread, before, after)
  return [
    emit.node('Conv', [cropped, flipped(emit, filter!, filterType!.shape, groups)], {
      kernel_shape: kernel,
      dilations: dilation,
      pads: [...before, ...after].map((length) => Math.max(length, 0)),
      group: groups,
    }),
  ]
}

/** Filters [K, C/G, h, w] for the way back: [C, K/G, h, w], the last tap first. */
function flipped(emit: OnnxEmitter, filter: string, shape: readonly number[], groups: number): string {
  const [k, perGroup, h, w] = shape as [number, number, number, number]
  const reshape = (value: string, to: readonly number[]) => emit.node('Reshape', [value, emit.ints(to)])
  const grouped = reshape(filter, [groups, k / groups, perGroup, h, w])
  const exchanged = emit.node('Transpose', [grouped], { perm: [0, 2, 1, 3, 4] })
  const back = reshape(exchanged, [groups * perGroup, k / groups, h, w])
  if (h * w === 1) return back
  const backwards = [
    [-1, -1],
    [FIRST, FIRST],
    [2, 3],
    [-1, -1],
  ].map((each) => emit.ints(each))
  return emit.node('Slice', [back, ...backwards])
}

/** An end before the first element, for a slice with a negative step. */
const FIRST = -(2 ** 31)

/** Maps [N,C,H,W] with zeros after every row and column: [N,C,s·H,t·W] for the stride [s, t]. */
export function zeroInserted(
  emit: OnnxEmitter,
  x: string,
  [n, c, h, w]: readonly number[],
  [s, t]: Convolution['stride'],
): string {
  if (s === 1 && t === 1) return x
  const apart = emit.node('Reshape', [x, emit.ints([n! * c!, h!, 1, w!, 1])])
  const padded = emit.node('Pad', [apart, emit.ints([0, 0, 0, 0, 0, 0, 0, s - 1, 0, t - 1])])
  return emit.node('Reshape', [padded, emit.ints([n!, c!, h! * s, w! * t])])
}

/** Removes as many rows and columns as negative lengths say. */
export function cutOff(
  emit: OnnxEmitter,
  x: string,
  before: readonly number[],
  after: readonly number[],
): string {
  if ([...before, ...after].every((length) => length >= 0)) return x
  const starts = before.map((length) => Math.max(-length, 0))
  const ends = after.map((length) => (length < 0 ? length : 2 ** 31 - 1))
  return emit.node('Slice', [x, emit.ints(starts), emit.ints(ends), emit.ints([2, 3])])
}
