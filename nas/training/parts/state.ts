import type { GraphBuilder } from '../../graph/builder.ts'
import type { Graph, Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import type { Access } from './dataflow.ts'

/*
 * Tensors of the state that pass from one program to another within a step, and are in no checkpoint. Accumulators start at
 * zero.
 */

/** A tensor of the state. */
export interface Named {
  readonly name: string
  readonly shape: readonly number[]
}

/** The accumulator of the gradient by features or by a parameter. */
export const gradientOf = ({ name, shape }: Named): Named => ({ name: `${name}:gradient`, shape })

export const read = (graph: GraphBuilder, { name, shape }: Named): Value =>
  graph.parameter(name, {
    dtype: 'float32',
    shape,
    role: 'feature',
    initialiser: { kind: 'constant', value: 0 },
  })

export const addTo = (graph: GraphBuilder, accumulator: Named, value: Value): void =>
  graph.update(accumulator.name, add(graph, read(graph, accumulator), value))

/** Names in the state, by the names that a graph has for them, where the two differ. */
export type Names = ReadonlyMap<string, string>

/** What a program reads and writes of the state. */
export function accessOf({ parameters, updates }: Graph, names: Names): Access {
  const inState = (name: string) => names.get(name) ?? name
  return { reads: [...parameters.keys()].map(inState), writes: [...updates.keys()].map(inState) }
}
