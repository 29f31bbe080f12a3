import { GraphBuilder } from '../../graph/builder.ts'
import type { Graph, Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { moments, momentsGradient } from '../../graph/ops/moments.ts'
import { featuresIn, gradientBy, readOf } from '../../spaces/densenas/search/part-steps.ts'
import type { Access } from './dataflow.ts'
import type { Features } from './part.ts'

/*
 * Operations that add to the same features would wait for each other. Every second one adds to sums of its own, aside; the
 * two are added up before they are read. What all readers need of features, or owe to them, is computed then, too, and once.
 */

/** In the state, of the parameters of a graph that have others there. */
export type Names = ReadonlyMap<string, string>

export const aside = ({ name, shape }: Features): Features => ({ name: `${name}:aside`, shape })

/** What a program reads and changes of the state. */
export function accessOf({ parameters, updates }: Graph, names: Names): Access {
  const known = (name: string) => names.get(name) ?? name
  return { reads: [...parameters.keys()].map(known), writes: [...updates.keys()].map(known) }
}

/** What those that read features add to on the way back. */
export const gradientsOf = (features: Features): Features[] => readOf(features).map(gradientBy)

/** Of features of some shape, by their name. */
const NAME = 'features'
export const namesFor = ({ name }: Features, { parameters, updates }: Graph): Names =>
  new Map([...parameters.keys(), ...updates.keys()].map((each) => [each, name + each.slice(NAME.length)]))

/** Adds up features where some of them are aside, and computes their moments where these are wanted. */
export function sumUp(shape: readonly number[], hasAside: boolean, wantsMoments: boolean): Graph {
  const graph = new GraphBuilder()
  const features = { name: NAME, shape }
  const sum = summed(graph, features, hasAside)
  if (hasAside) graph.update(NAME, sum)
  if (wantsMoments) {
    const [, ofMean, ofSecond] = readOf(features)
    const { mean, second } = moments(graph, sum)
    graph.update(ofMean.name, mean)
    graph.update(ofSecond.name, second)
  }
  return graph.build({})
}

/** Adds up the gradients by features, where some of them are aside, with what comes by their moments. */
export function sumUpGradients(shape: readonly number[], hasAside: boolean): Graph {
  const graph = new GraphBuilder()
  const features = { name: NAME, shape }
  const [own, ofMean, ofSecond] = gradientsOf(features).map((each) => summed(graph, each, hasAside))
  const through = momentsGradient(graph, featuresIn(graph, features), ofMean!, ofSecond!)
  graph.update(gradientBy(features).name, add(graph, own!, through))
  return graph.build({})
}

function summed(graph: GraphBuilder, features: Features, hasAside: boolean): Value {
  const own = featuresIn(graph, features)
  return hasAside ? add(graph, own, featuresIn(graph, aside(features))) : own
}

/** @param complete is to start what makes features whole that operations have added to, before anything reads them. */
export function adding(complete: (features: Features, hasAside: boolean) => void) {
  /** Features that were added to, by whether the last that did so did it aside. */
  const added = new Map<string, boolean>()
  const usesAside = new Set<string>()
  return {
    /** Before features are read. */
    read(features: Features): void {
      if (added.delete(features.name)) complete(features, usesAside.delete(features.name))
    },
    /** Before an operation adds to features. @returns whether it is to do so aside */
    add({ name }: Features): boolean {
      const isAside = added.get(name) === false
      added.set(name, isAside)
      if (isAside) usesAside.add(name)
      return isAside
    },
  }
}

/** For an operation that adds to sums aside. */
export const asideNames = (sums: readonly Features[]): Names =>
  new Map(sums.map((each) => [each.name, aside(each).name]))
