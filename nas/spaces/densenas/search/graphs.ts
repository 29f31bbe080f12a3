import type { Halves } from '../../../graph/cut.ts'
import type { Graph } from '../../../graph/graph.ts'
import type { Optimiser } from '../../../training/optimiser.ts'
import type { Layer, Supernet } from '../supernet.ts'
import { classifierStep, type Learning, operationStep, stemStep } from './part-steps.ts'

export interface SupernetOptions {
  readonly supernet: Supernet
  readonly optimiser: Optimiser
  readonly labelSmoothing: number
}

/** The graphs that steps of one kind are put together from, each made when it is first asked for. */
export interface SupernetGraphs {
  readonly stem: () => Halves
  /** By the candidates of a layer. */
  readonly operations: ReadonlyMap<Layer, readonly (() => Halves)[]>
  readonly classifier: () => Graph
}

export function supernetGraphs(options: SupernetOptions, kind: Learning['kind']): SupernetGraphs {
  const { supernet, optimiser, labelSmoothing } = options
  const { stem, layers, classifier, task } = supernet
  const learning: Learning = kind === 'weights' ? { kind, optimiser } : { kind }
  // The stem has no gates.
  const learnsFrom = ({ from }: Layer) => kind === 'weights' || from.name !== stem.to.name
  return {
    stem: once(() => stemStep(stem, [task.batch, 3, task.image, task.image], learning)),
    operations: new Map(
      layers.map((layer) => [
        layer,
        layer.candidates.map((part) =>
          once(() => operationStep({ ...layer, ...part }, learning, learnsFrom(layer))),
        ),
      ]),
    ),
    classifier: once(() => classifierStep(classifier, learning, { labelSmoothing })),
  }
}

/** All that a supernet learns, and what its optimiser remembers. */
export function supernetParameters(options: SupernetOptions): Graph['parameters'] {
  const { stem, operations, classifier } = supernetGraphs(options, 'weights')
  const halves = [stem(), ...[...operations.values()].flat().map((make) => make())]
  const all = [classifier(), ...halves.flatMap(({ first, second }) => [first, second])]
  return new Map(
    all
      .flatMap(({ parameters }) => [...parameters])
      .filter(([, { parameter }]) => parameter.role !== 'feature'),
  )
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
