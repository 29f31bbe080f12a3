import { GraphBuilder } from '../../graph/builder.ts'
import { countingContext } from '../count.ts'
import type { Network } from '../layers.ts'
import type { Declare } from '../parameters.ts'

/*
 * An elastic supernet has the parameters of its largest network, and each sub-network a slice of them (BigNAS, arXiv 2003.11142,
 * section 3): the first channels, or the first of each group of channels; the centre of a kernel; the first blocks.
 */

/** Of each parameter by name, the lengths of the groups of each of its axes. */
export type Structure = ReadonlyMap<string, readonly (readonly number[])[]>

/** The lengths of axes whose groups have these. */
export const lengths = (axes: readonly (readonly number[])[]): readonly number[] =>
  axes.map((groups) => groups.reduce((sum, length) => sum + length, 0))

/** Of batch normalisation. */
export const isStatistic = (name: string): boolean => name.endsWith('/mean') || name.endsWith('/variance')

/** Indices from the first up to, not including, the second. */
export type Range = readonly [start: number, end: number]

/** @param input shape of what the network reads, for which nothing is allocated */
export function structureOf(network: Network, input: readonly number[]): Structure {
  const structure = new Map<string, readonly (readonly number[])[]>()
  const declare: Declare = (graph, name, declared, groups = []) => {
    const axes = declared.shape.map((length, axis) => groups[axis] ?? [length])
    structure.set(graph.scoped(name), axes)
    return graph.parameter(name, declared)
  }
  const graph = new GraphBuilder()
  network({ ...countingContext(graph), declare }, graph.input('input', { dtype: 'float32', shape: input }))
  return structure
}

/** Of a filter [K,C,h,w], height and width. */
const isKernel = (axis: number) => axis >= 2

/** The indices along each axis of a shared parameter that a sub-network has of it. */
export const rangesOf = (
  shared: readonly (readonly number[])[],
  own: readonly (readonly number[])[],
): readonly (readonly Range[])[] =>
  shared.map((groups, axis) =>
    isKernel(axis) ? [centre(groups[0]!, own[axis]![0]!)] : first(groups, own[axis]!),
  )

/** Whether a parameter is a slice of a shared one. */
export const isWithin = (
  shared: readonly (readonly number[])[],
  own: readonly (readonly number[])[],
): boolean =>
  shared.length === own.length &&
  own.every((groups, axis) =>
    isKernel(axis)
      ? groups[0]! <= shared[axis]![0]! && (shared[axis]![0]! - groups[0]!) % 2 === 0
      : groups.length <= shared[axis]!.length &&
        groups.every((length, group) => length <= shared[axis]![group]!),
  )

const centre = (shared: number, own: number): Range => {
  const start = (shared - own) / 2
  return [start, start + own]
}

function first(shared: readonly number[], own: readonly number[]): readonly Range[] {
  let [start, next] = [0, 0]
  return own.map((length, i) => {
    start = next
    next += shared[i]!
    return [start, start + length] as const
  })
}
