import { onnxWindow, type Window } from '../../../pooling.ts'
import type { Rule } from '../target.ts'
import { cutOff, zeroInserted } from './input-gradient.ts'

/**
 * A sum over the places of a window: dy where the maximum was at that place, moved there. Windows overlap, so that a scatter would
 * add in any order.
 */
export const maxPoolGradient: Rule<Window> = (emit, [dy, x], window, { inputs: [dyType, xType] }) => {
  const { kernel, stride, padding } = window
  const [n, c, height, width] = xType!.shape as [number, number, number, number]
  const [, , rows, columns] = dyType!.shape as [number, number, number, number]
  const [, indices] = emit.multi('MaxPool', [x!], onnxWindow(window), { outputs: 2 })
  const first = Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return (row * stride[0] - padding[0]) * width + column * stride[1] - padding[1]
  })
  const planes = emit.int64s(
    [n, c, 1, 1],
    Array.from({ length: n * c }, (_, i) => i * height * width),
  )
  const corner = emit.node('Add', [planes, emit.int64s([1, 1, rows, columns], first)])
  const places = Array.from({ length: kernel[0] * kernel[1] }, (_, i) => {
    const [row, column] = [Math.floor(i / kernel[1]), i % kernel[1]]
    const place = emit.node('Add', [corner, emit.int(row * width + column)])
    const here = emit.node('Where', [emit.node('Equal', [indices!, place]), dy!, emit.float(0)])
    const before = [row - padding[0], column - padding[1]]
    const after = [height - rows * stride[0] - before[0]!, width - columns * stride[1] - before[1]!]
    const cropped = cutOff(emit, zeroInserted(emit, here, dyType!.shape, stride), before, after)
    const zeros = [0, 0, ...before, 0, 0, ...after].map((length) => Math.max(length, 0))
    return emit.node('Pad', [cropped, emit.ints(zeros)])
  })
  return [places.reduce((sum, place) => emit.node('Add', [sum, place]))]
}
