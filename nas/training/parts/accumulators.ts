import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import type { Features } from './part.ts'
import { type Named, type Names, read } from './state.ts'

/*
 * Parts that add to the same features would wait for each other. Every second one adds to a second accumulator; the two are
 * reduced before they are read.
 */

export const secondAccumulator = ({ name, shape }: Named): Named => ({ name: `${name}:second`, shape })

/** The sum of the accumulators. @param hasSecond whether anything was added to the second. */
export function reduce(graph: GraphBuilder, accumulator: Named, hasSecond: boolean): Value {
  const first = read(graph, accumulator)
  return hasSecond ? add(graph, first, read(graph, secondAccumulator(accumulator))) : first
}

/** For a program that adds to the second accumulators. */
export const secondNames = (accumulators: readonly Named[]): Names =>
  new Map(accumulators.map((each) => [each.name, secondAccumulator(each).name]))

/** Chooses accumulators in the order in which the programs of a pass are started. */
export interface Accumulation {
  /** Before a program reads features. */
  read(features: Features): void
  /** Before a program adds to features. @returns whether to the second accumulator */
  add(features: Features): boolean
}

/** @param complete starts what reduces features that programs have added to, before anything reads them. */
export function accumulation(complete: (features: Features, hasSecond: boolean) => void): Accumulation {
  /** Features that were added to, by whether the last program chose the second accumulator. */
  const added = new Map<string, boolean>()
  const usesSecond = new Set<string>()
  return {
    read(features) {
      if (added.delete(features.name)) complete(features, usesSecond.delete(features.name))
    },
    add({ name }) {
      const isSecond = added.get(name) === false
      added.set(name, isSecond)
      if (isSecond) usesSecond.add(name)
      return isSecond
    },
  }
}
