import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import { reshape } from '../../graph/ops/reshape.ts'
import { slice } from '../../graph/ops/slice.ts'
import type { Operator } from './operators.ts'

/** What a link does: the sum of operators on its source, each times its gate. */
export type Mixture = readonly {
  readonly operator: Exclude<Operator, 'none'>
  /** A scalar; 1 where there is none. */
  readonly gate?: Value
}[]

/** Of a decoded link: its operator alone, or nothing. */
export const decoded = (operator: Operator): Mixture => (operator === 'none' ? [] : [{ operator }])

/**
 * Of links while they are searched (section 3.2): all operators by their weights. `none` adds nothing, and is left out.
 * @param weights softmax of the architecture parameters [links, operators]
 */
export function relaxed(
  graph: GraphBuilder,
  weights: Value,
  operators: readonly Operator[],
): readonly Mixture[] {
  const [links] = weights.type.shape as [number, number]
  return Array.from({ length: links }, (_, link) =>
    operators.flatMap((operator, o) =>
      operator === 'none'
        ? []
        : [
            {
              operator,
              gate: reshape(graph, slice(graph, weights, { starts: [link, o], ends: [link + 1, o + 1] }), []),
            },
          ],
    ),
  )
}
