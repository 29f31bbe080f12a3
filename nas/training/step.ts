import { GraphBuilder } from '../graph/builder.ts'
import { gradient } from '../graph/gradient.ts'
import type { Graph, Parameter, Value } from '../graph/graph.ts'
import { AS_WRITTEN, type Rewrites } from '../graph/rewrites.ts'
import type { Optimiser, Trained } from './optimiser.ts'

/** What a step minimises, and what else it reports. */
export interface Objective {
  /** A scalar. */
  readonly loss: Value
  readonly metrics?: Readonly<Record<string, Value>>
}

/** The forward pass of a step, from inputs that it declares. */
export type Forward = (graph: GraphBuilder) => Objective

/** Which parameters a step trains. */
export type Selection = (parameter: Parameter) => boolean

export const isWeight: Selection = ({ role }) => role === 'weight' || role === 'norm'
export const isArchitecture: Selection = ({ role }) => role === 'arch'

interface StepOptions {
  /** All weights by default. */
  readonly selected?: Selection
  /** Of the engine that runs the step; none by default. */
  readonly rewrites?: Rewrites
}

/**
 * A training step as one graph: forward, gradient, update of the selected parameters.
 *
 * Inputs: those that `forward` declares, and the scalar `learningRate`. Outputs: `loss` and the metrics.
 * @throws invalid-graph where the loss does not depend on a parameter.
 */
export function trainingStep(
  forward: Forward,
  optimiser: Optimiser,
  { selected = isWeight, rewrites = AS_WRITTEN }: StepOptions = {},
): Graph {
  const graph = new GraphBuilder()
  const { outputs, trained, gradients } = differentiated(graph, forward, { selected, rewrites })
  optimiser(graph, trained, gradients, graph.input('learningRate', { dtype: 'float32', shape: [] }))
  return graph.build(outputs)
}

/** Adds a forward pass to a graph, and the gradients of its loss by the selected parameters. */
export function differentiated(
  graph: GraphBuilder,
  forward: Forward,
  { selected, rewrites }: Required<StepOptions>,
) {
  const { loss, metrics } = forward(graph)
  rewrites.apply({ graph, results: [loss, ...Object.values(metrics ?? {})] })
  const trained: Trained[] = [...graph.parameters.values()].filter(({ parameter }) => selected(parameter))
  const gradients = gradient(
    graph,
    loss,
    trained.map(({ value }) => value),
  )
  return { outputs: { ...metrics, loss }, trained, gradients }
}
