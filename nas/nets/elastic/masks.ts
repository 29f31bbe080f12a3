import { mul } from '../../graph/ops/mul.ts'
import { float32, sizeOf, type Tensors } from '../../tensor.ts'
import type { Declare } from '../parameters.ts'
import { isStatistic, lengths, rangesOf, type Structure } from './structure.ts'

/*
 * The largest network stands for any other where masks of 0 and 1 switch off channels, blocks and the rims of kernels. A channel
 * whose scale, shift and bias are 0 is 0, passes nothing on, and gives no gradient to what it is computed from; a residual block
 * all of whose channels are 0 is the identity. So masks need to multiply parameters alone, and one compiled program serves all
 * sub-networks, at the price of the largest one's time.
 */

/** Shapes of masks, by the names of the parameters that they multiply. */
export type MaskShapes = ReadonlyMap<string, readonly number[]>

/**
 * The masks that tell all sub-networks apart: of numbers by channel that not even the smallest network has all of, and of kernels.
 * Filters need none by channel.
 */
export function maskShapes(largest: Structure, smallest: Structure): MaskShapes {
  const shapes = new Map<string, readonly number[]>()
  for (const [name, axes] of largest) {
    const [shape, least] = [lengths(axes), smallest.get(name)]
    const own = least === undefined ? shape.map(() => 0) : lengths(least)
    const isFilter = shape.length === 4
    const [, , ...kernel] = shape
    if (!isFilter && !isStatistic(name) && own[0] !== shape[0]) shapes.set(name, shape)
    if (isFilter && own[2]! > 0 && own[2] !== shape[2]) shapes.set(name, [1, 1, ...kernel])
    if (isFilter && least === undefined && kernel[0]! > 1) shapes.set(name, [1, 1, ...kernel])
  }
  return shapes
}

const inputOf = (name: string) => `mask:${name}`

/** The largest network with masks among its inputs. */
export const maskedBy =
  (shapes: MaskShapes): Declare =>
  (graph, name, declared) => {
    const [parameter, full] = [graph.parameter(name, declared), graph.scoped(name)]
    const shape = shapes.get(full)
    return shape === undefined
      ? parameter
      : mul(graph, parameter, graph.input(inputOf(full), { dtype: 'float32', shape }))
  }

/** The masks of a sub-network, as inputs of the masked one. */
export const masksOf = (shapes: MaskShapes, largest: Structure, own: Structure): Tensors =>
  Object.fromEntries(
    [...shapes].map(([name, shape]) => [inputOf(name), maskOf(shape, largest.get(name)!, own.get(name))]),
  )

function maskOf(
  shape: readonly number[],
  shared: readonly (readonly number[])[],
  own: readonly (readonly number[])[] | undefined,
) {
  const mask = new Float32Array(sizeOf(shape))
  if (own === undefined) return float32(shape, mask)
  const ranges = rangesOf(shared, own)
  if (shape.length < 4) {
    for (const [start, end] of ranges[0]!) mask.fill(1, start, end)
    return float32(shape, mask)
  }
  const [[rows], [columns]] = ranges.slice(2) as [[[number, number]], [[number, number]]]
  const width = shape[3]!
  for (let y = rows[0]; y < rows[1]; y++) mask.fill(1, y * width + columns[0], y * width + columns[1])
  return float32(shape, mask)
}
