import { float32, sizeOf, type Tensor, type Tensors } from '../../tensor.ts'
import type { Declare } from '../parameters.ts'
import { sliced } from '../sliced.ts'
import { isStatistic, isWithin, lengths, type Range, rangesOf, type Structure } from './structure.ts'

/** A sub-network that reads slices of shared parameters, whose gradients are then those of the whole. */
export const slicedFrom =
  (shared: Structure, own: Structure): Declare =>
  (graph, name, declared) => {
    const full = graph.scoped(name)
    const axes = shared.get(full)!
    return sliced(graph, name, { ...declared, shape: lengths(axes) }, rangesOf(axes, own.get(full)!))
  }

/**
 * The weights of a network, by the names of its own parameters, from those of a supernet. Parameters without weights, or that are no
 * slices of the supernet's, are left out.
 */
export const inherited = (shared: Structure, own: Structure, weights: Tensors): Tensors =>
  Object.fromEntries(
    [...own].flatMap(([name, axes]) => {
      const [tensor, whole] = [weights[name], shared.get(name)]
      const isSlice = tensor !== undefined && whole !== undefined && isWithin(whole, axes)
      return isSlice ? [[name, take(tensor, rangesOf(whole, axes))]] : []
    }),
  )

/** The share of the numbers of a network, statistics aside, that are in slices of a supernet's parameters. @param counts see `shareOf` of a supernet */
export function shareOf(shared: Structure, own: Structure, counts: (name: string) => boolean): number {
  const total = { all: 0, slices: 0 }
  for (const [name, axes] of own) {
    if (isStatistic(name)) continue
    const [numbers, whole] = [sizeOf(lengths(axes)), shared.get(name)]
    total.all += numbers
    if (counts(name) && whole !== undefined && isWithin(whole, axes)) total.slices += numbers
  }
  return total.slices / total.all
}

function take(tensor: Tensor, ranges: readonly (readonly Range[])[]): Tensor {
  const { shape, data } = tensor
  const kept = ranges.map((ofAxis) => ofAxis.reduce((sum, [start, end]) => sum + end - start, 0))
  // Behind the last axis that is not kept whole, numbers are copied in blocks.
  const last = kept.findLastIndex((length, axis) => length !== shape[axis])
  if (last === -1) return tensor
  const result = new Float32Array(sizeOf(kept))
  let at = 0
  const copy = (axis: number, offset: number): void => {
    const block = sizeOf(shape.slice(axis + 1))
    for (const [start, end] of ranges[axis]!) {
      if (axis === last) {
        result.set(data.subarray(offset + start * block, offset + end * block), at)
        at += (end - start) * block
      } else for (let i = start; i < end; i++) copy(axis + 1, offset + i * block)
    }
  }
  copy(0, 0)
  return float32(kept, result)
}
