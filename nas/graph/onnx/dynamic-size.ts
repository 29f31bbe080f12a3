import type { OnnxEmitter } from './emitter.ts'
import { elementTypes } from './types.ts'

/* Sizes that a model of dynamic shape computes from those of its maps, as the graph does for one size. Whole numbers are int64. */

/** The length of an axis: a scalar. */
export const lengthOf = (emit: OnnxEmitter, x: string, axis: number): string =>
  emit.node('Gather', [emit.node('Shape', [x]), emit.int(axis)])

/** The shape of x [N,C,H,W] with the height and width of another map. */
export const resizedLike = (emit: OnnxEmitter, x: string, like: string): string => {
  const part = (map: string, from: number, to: number) =>
    emit.node('Slice', [emit.node('Shape', [map]), emit.ints([from]), emit.ints([to])])
  return emit.node('Concat', [part(x, 0, 2), part(like, 2, 4)], { axis: 0 })
}

/** How many cells a grid has along an axis of a map, one for each `stride` positions: floor((L - 1) / stride) + 1, a scalar. */
export const cellsAlong = (emit: OnnxEmitter, x: string, axis: number, stride: number): string => {
  const most = emit.node('Sub', [lengthOf(emit, x, axis), emit.int(1)])
  return emit.node('Add', [emit.node('Div', [most, emit.int(stride)]), emit.int(1)])
}

/** A matrix [cells, L] of means over the cells of adaptive average pooling along an axis of length L: see `gridMeans`. @param cells a scalar */
export function cellMeans(emit: OnnxEmitter, x: string, axis: number, cells: string): string {
  const length = lengthOf(emit, x, axis)
  const indices = emit.node('Range', [emit.int(0), cells, emit.int(1)])
  const column = (numbers: string) => emit.node('Reshape', [numbers, emit.ints([-1, 1])])
  const starts = column(emit.node('Div', [emit.node('Mul', [indices, length]), cells]))
  // (a + n - 1) / n rounds a / n up.
  const next = emit.node('Mul', [emit.node('Add', [indices, emit.int(1)]), length])
  const rounding = emit.node('Sub', [cells, emit.int(1)])
  const ends = column(emit.node('Div', [emit.node('Add', [next, rounding]), cells]))
  const positions = emit.node('Range', [emit.int(0), length, emit.int(1)])
  const inside = emit.node('And', [
    emit.node('GreaterOrEqual', [positions, starts]),
    emit.node('Less', [positions, ends]),
  ])
  const float = (numbers: string) => emit.node('Cast', [numbers], { to: elementTypes.float32 })
  return emit.node('Div', [float(inside), float(emit.node('Sub', [ends, starts]))])
}

/**
 * Means over all windows along an axis of length L, each of floor((L - 1) / cells) + 1 positions, from sums of all positions up
 * to one: a window is the difference of two.
 */
export function windowMeansAlong(emit: OnnxEmitter, x: string, axis: number, cells: number): string {
  const length = lengthOf(emit, x, axis)
  const most = emit.node('Sub', [length, emit.int(1)])
  const window = emit.node('Add', [emit.node('Div', [most, emit.int(cells)]), emit.int(1)])
  const bound = emit.node('Reshape', [window, emit.ints([1])])
  const before = [0, 0, 0, 0].with(axis, 1)
  const sums = emit.node('Pad', [
    emit.node('CumSum', [x, emit.int(axis)]),
    emit.ints([...before, 0, 0, 0, 0]),
  ])
  const along = emit.ints([axis])
  const upper = emit.node('Slice', [sums, bound, emit.ints([END]), along])
  const lower = emit.node('Slice', [sums, emit.ints([0]), emit.node('Neg', [bound]), along])
  const size = emit.node('Cast', [window], { to: elementTypes.float32 })
  return emit.node('Div', [emit.node('Sub', [upper, lower]), size])
}

/** Beyond the last element of every axis. */
const END = 2 ** 31 - 1
