import { GraphBuilder } from '../graph/builder.ts'
import type { Graph, Parameter } from '../graph/graph.ts'
import { broadcastTo } from '../graph/ops/broadcast-to.ts'
import { AS_WRITTEN } from '../graph/rewrites.ts'
import { clipped, globalNorm } from './clip.ts'
import type { Optimiser } from './optimiser.ts'
import { addTo, gradientOf, read } from './parts/state.ts'
import { differentiated, type Forward, type Selection } from './step.ts'

/*
 * A training step in several programs: gradient steps add to accumulators in the state, then an update step applies and
 * clears them. So several sub-networks contribute to one update (the sandwich rule, arXiv 1903.05134), and weights and
 * architecture parameters have optimisers of their own. Accumulators start at zero and are part of no checkpoint.
 */

/**
 * Forward and gradient; adds to the accumulators of the selected parameters.
 *
 * Inputs: those that `forward` declares. Outputs: `loss` and the metrics.
 * @param rewrites of the engine that runs the step; none by default
 * @throws invalid-graph where the loss does not depend on a selected parameter.
 */
export function gradientStep(forward: Forward, selected: Selection, rewrites = AS_WRITTEN): Graph {
  const graph = new GraphBuilder()
  const { outputs, trained, gradients } = differentiated(graph, forward, { selected, rewrites })
  for (const [i, { parameter }] of trained.entries()) addTo(graph, gradientOf(parameter), gradients[i]!)
  return graph.build(outputs)
}

interface UpdateOptions {
  /** The largest norm of all gradients together; they are scaled down where theirs is larger. */
  readonly clip?: number
}

/**
 * Updates parameters by what their accumulators hold, and sets these to zero.
 *
 * Input: the scalar `learningRate`. Output, with clipping: `gradientNorm`, before it.
 */
export function updateStep(
  optimiser: Optimiser,
  parameters: Iterable<Parameter>,
  { clip }: UpdateOptions = {},
): Graph {
  const graph = new GraphBuilder()
  const trained = [...parameters].map((parameter) => ({
    parameter,
    value: graph.parameter(parameter.name, parameter),
  }))
  const accumulated = trained.map(({ parameter }) => read(graph, gradientOf(parameter)))
  const norm = clip === undefined ? undefined : globalNorm(graph, accumulated)
  const gradients = norm === undefined ? accumulated : clipped(graph, accumulated, norm, clip!)
  optimiser(graph, trained, gradients, graph.input('learningRate', { dtype: 'float32', shape: [] }))
  for (const { parameter } of trained)
    graph.update(gradientOf(parameter).name, broadcastTo(graph, graph.scalar(0), parameter.shape))
  return graph.build(norm === undefined ? {} : { gradientNorm: norm })
}

/** Parameters of graphs that are selected, each once. */
export const parametersOf = (graphs: readonly Graph[], selected: Selection): Parameter[] => [
  ...new Map(
    graphs
      .flatMap(({ parameters }) => [...parameters.values()])
      .filter(({ parameter }) => selected(parameter))
      .map(({ parameter }) => [parameter.name, parameter]),
  ).values(),
]
