import type { Convolution } from '../../../convolution.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import type { InputGradientShapes } from './nchwc.ts'

/* The gradient of a convolution by its input is a convolution of the output's gradient with the flipped filter. */

/** An end before the first element, for a slice with a negative step. */
const LAST = -(2 ** 31)

/** A filter with its rows and columns in the opposite order. */
export const flipped = (emit: BlockedEmitter, filter: string): string =>
  emit.node('Slice', [
    filter,
    emit.ints([-1, -1]),
    emit.ints([LAST, LAST]),
    emit.ints([2, 3]),
    emit.ints([-1, -1]),
  ])

/** The convolution with the flipped filter that gives the gradient by the input, of dy with zeros inserted for the stride. */
export function inputGradientOf(
  shapes: InputGradientShapes,
  { stride, dilation, padding, groups }: Convolution,
): Convolution {
  const along = (axis: 0 | 1) => {
    const reach = dilation[axis] * (shapes.filter[2 + axis]! - 1)
    const before = reach - padding[axis]
    const after = shapes.input[2 + axis]! - stride[axis] * shapes.dy[2 + axis]! + reach - before
    return { before, after }
  }
  const [rows, columns] = [along(0), along(1)]
  return {
    stride: [1, 1],
    dilation,
    groups,
    padding: [rows.before, columns.before, rows.after, columns.after],
  }
}
