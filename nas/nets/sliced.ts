import type { GraphBuilder } from '../graph/builder.ts'
import type { Parameter, Value } from '../graph/graph.ts'
import { concat } from '../graph/ops/concat.ts'
import { slice } from '../graph/ops/slice.ts'

/** Indices from the first up to, not including, the second. */
type Range = readonly [start: number, end: number]

/**
 * A slice of a parameter that sub-networks of an elastic supernet share: the first channels, whole heads, the centre of a
 * kernel. The graph's parameter is the shared one, so that gradient, optimiser slots and checkpoint are those of the whole.
 * @param ranges of each axis: a union, in its order; undefined for all of the axis.
 */
export function sliced(
  graph: GraphBuilder,
  name: string,
  declared: Omit<Parameter, 'name'>,
  ranges: readonly (readonly Range[] | undefined)[],
): Value {
  let value = graph.parameter(name, declared)
  for (const [axis, ofAxis] of ranges.entries())
    if (ofAxis !== undefined) value = union(graph, value, axis, ofAxis)
  return value
}

function union(graph: GraphBuilder, x: Value, axis: number, ranges: readonly Range[]): Value {
  const { shape } = x.type
  const parts = ranges.map(([start, end]) =>
    start === 0 && end === shape[axis]
      ? x
      : slice(graph, x, {
          starts: shape.map((_, i) => (i === axis ? start : 0)),
          ends: shape.with(axis, end),
        }),
  )
  return parts.length === 1 ? parts[0]! : concat(graph, parts, axis)
}
