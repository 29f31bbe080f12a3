import { GraphBuilder } from '../graph/builder.ts'
import type { Graph } from '../graph/graph.ts'
import type { Features } from '../nets/part.ts'
import type { Access } from './dataflow.ts'
import { addTo, featuresIn } from './part.ts'

/*
 * Operations that add to the same features would wait for each other. Every second one adds to a sum of its own, aside, and
 * the two are added up before they are read.
 */

/** In the state, of the parameters of a graph that have others there. */
export type Names = ReadonlyMap<string, string>

export const aside = ({ name, shape }: Features): Features => ({ name: `${name}:aside`, shape })

/** What a program reads and changes of the state. */
export function accessOf({ parameters, updates }: Graph, names: Names): Access {
  const known = (name: string) => names.get(name) ?? name
  return { reads: [...parameters.keys()].map(known), writes: [...updates.keys()].map(known) }
}

/** sum += addend, of a shape. */
export function sumOf(shape: readonly number[]): Graph {
  const graph = new GraphBuilder()
  addTo(graph, { name: 'sum', shape }, featuresIn(graph, { name: 'addend', shape }))
  return graph.build({})
}

/** @param sumUp starts {@link sumOf} a shape on features by these names. */
export function adding(sumUp: (shape: readonly number[], names: Names) => unknown) {
  /** Features by whether the last that added to them did so aside. */
  const lastAside = new Map<string, boolean>()
  const used = new Set<string>()
  const read = (features: Features): void => {
    const other = aside(features).name
    if (!used.delete(other)) return
    sumUp(
      features.shape,
      new Map([
        ['sum', features.name],
        ['addend', other],
      ]),
    )
  }
  return {
    /** Before features are read. */
    read,
    /** Before an operation reads features, and adds to others. @returns under which name it is to add to these */
    add(from: Features, to: Features): Names {
      read(from)
      const now = lastAside.get(to.name) === false
      lastAside.set(to.name, now)
      if (!now) return new Map()
      used.add(aside(to).name)
      return new Map([[to.name, aside(to).name]])
    },
  }
}
