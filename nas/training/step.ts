import { GraphBuilder } from '../graph/builder.ts'
import { gradient } from '../graph/gradient.ts'
import type { Graph, Value } from '../graph/graph.ts'
import type { Optimiser } from './optimiser.ts'

/** What a step minimises, and what else it reports. */
export interface Objective {
  /** A scalar. */
  readonly loss: Value
  readonly metrics?: Readonly<Record<string, Value>>
}

interface Options {
  /** Scope whose parameters stay as they are, e.g. `backbone`. */
  readonly frozen?: string
}

/**
 * A training step as one graph: forward, gradient, update of all `weight` and `norm` parameters.
 *
 * Inputs: those that `forward` declares, and the scalar `learningRate`. Outputs: `loss` and the metrics.
 * @throws invalid-graph where the loss does not depend on a parameter.
 */
export function trainingStep(
  forward: (graph: GraphBuilder) => Objective,
  optimiser: Optimiser,
  { frozen }: Options = {},
): Graph {
  const graph = new GraphBuilder()
  const { loss, metrics } = forward(graph)
  const trained = [...graph.parameters.values()].filter(
    ({ parameter: { name, role } }) =>
      (role === 'weight' || role === 'norm') && !(frozen !== undefined && name.startsWith(`${frozen}/`)),
  )
  const gradients = gradient(
    graph,
    loss,
    trained.map(({ value }) => value),
  )
  optimiser(graph, trained, gradients, graph.input('learningRate', { dtype: 'float32', shape: [] }))
  return graph.build({ ...metrics, loss })
}
