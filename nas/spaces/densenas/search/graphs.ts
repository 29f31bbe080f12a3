import type { Graph } from '../../../graph/graph.ts'
import type { Rewrites } from '../../../graph/rewrites.ts'
import type { Optimiser } from '../../../training/optimiser.ts'
import type { ForwardBackward } from '../../../training/parts/part-step.ts'
import type { Layer, Supernet } from '../supernet.ts'
import { classifierStep, operationStep, type StepTarget, stemStep } from './part-steps.ts'

export interface SupernetOptions {
  readonly supernet: Supernet
  readonly optimiser: Optimiser
  readonly labelSmoothing: number
  /** Of the engine that runs the steps. */
  readonly rewrites: Rewrites
}

/** The graphs that steps of one kind consist of, each made when it is first used. */
export interface SupernetGraphs {
  readonly stem: () => ForwardBackward
  /** By the candidates of a layer. */
  readonly operations: ReadonlyMap<Layer, readonly (() => ForwardBackward)[]>
  readonly classifier: () => Graph
}

export function supernetGraphs(options: SupernetOptions, kind: StepTarget['kind']): SupernetGraphs {
  const { supernet, optimiser, labelSmoothing, rewrites } = options
  const { stem, layers, classifier, task } = supernet
  const target: StepTarget = kind === 'weights' ? { kind, optimiser } : { kind }
  // The stem has no gates.
  const needsInputGradient = ({ from }: Layer) => kind === 'weights' || from.name !== stem.to.name
  return {
    stem: once(() => stemStep(stem, [task.batch, 3, task.image, task.image], target, rewrites)),
    operations: new Map(
      layers.map((layer) => [
        layer,
        layer.candidates.map((part) =>
          once(() =>
            operationStep({ ...layer, ...part }, target, {
              needsInputGradient: needsInputGradient(layer),
              rewrites,
            }),
          ),
        ),
      ]),
    ),
    classifier: once(() => classifierStep(classifier, target, { labelSmoothing, rewrites })),
  }
}

/** All weights of a supernet, and the slots of their optimiser. */
export function supernetParameters(options: SupernetOptions): Graph['parameters'] {
  const { stem, operations, classifier } = supernetGraphs(options, 'weights')
  const parts = [stem(), ...[...operations.values()].flat().map((make) => make())]
  const all = [classifier(), ...parts.flatMap(({ forward, backward }) => [forward, backward])]
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
