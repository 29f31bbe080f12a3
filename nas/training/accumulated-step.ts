import { GraphBuilder } from '../graph/builder.ts'
import type { Graph, Parameter } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { broadcastTo } from '../graph/ops/broadcast-to.ts'
import { AS_WRITTEN } from '../graph/rewrites.ts'
import { clipped, globalNorm } from './clip.ts'
import type { Optimiser } from './optimiser.ts'
import { addTo, gradientOf, type Named, type Names, read } from './parts/state.ts'
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
  /** Accumulators of each parameter, whose sum is its gradient; 1 by default. */
  readonly lanes?: number
}

/**
 * Gradient steps run side by side where each has accumulators of its own: those of a lane above 0, by the names that a gradient step
 * has for them.
 */
export const accumulatorsOf = (parameters: Iterable<Parameter>, lane: number): Names =>
  new Map([...parameters].map((parameter) => [gradientOf(parameter).name, inLane(parameter, lane).name]))

/** The accumulator of a lane. */
function inLane(parameter: Parameter, lane: number): Named {
  const { name, shape } = gradientOf(parameter)
  return { name: lane === 0 ? name : `${name}:${lane}`, shape }
}

/**
 * Updates parameters by what their accumulators hold, and sets these to zero.
 *
 * Input: the scalar `learningRate`. Output, with clipping: `gradientNorm`, before it.
 */
export function updateStep(
  optimiser: Optimiser,
  parameters: Iterable<Parameter>,
  { clip, lanes = 1 }: UpdateOptions = {},
): Graph {
  const graph = new GraphBuilder()
  const trained = [...parameters].map((parameter) => ({
    parameter,
    value: graph.parameter(parameter.name, parameter),
  }))
  const lanesOf = (parameter: Parameter) =>
    Array.from({ length: lanes }, (_, lane) => inLane(parameter, lane))
  const accumulated = trained.map(({ parameter }) =>
    lanesOf(parameter)
      .map((accumulator) => read(graph, accumulator))
      .reduce((sum, each) => add(graph, sum, each)),
  )
  const norm = clip === undefined ? undefined : globalNorm(graph, accumulated)
  const gradients = norm === undefined ? accumulated : clipped(graph, accumulated, norm, clip!)
  optimiser(graph, trained, gradients, graph.input('learningRate', { dtype: 'float32', shape: [] }))
  for (const { name, shape } of trained.flatMap(({ parameter }) => lanesOf(parameter)))
    graph.update(name, broadcastTo(graph, graph.scalar(0), shape))
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
