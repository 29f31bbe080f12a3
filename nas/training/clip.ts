import type { GraphBuilder } from '../graph/builder.ts'
import type { Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { div } from '../graph/ops/div.ts'
import { mul } from '../graph/ops/mul.ts'
import { reduceSum } from '../graph/ops/reduce-sum.ts'
import { relu } from '../graph/ops/relu.ts'
import { reshape } from '../graph/ops/reshape.ts'
import { sqrt } from '../graph/ops/sqrt.ts'
import type { Optimiser } from './optimiser.ts'

/** An optimiser of gradients that are scaled down where the norm of all together is larger than `clip`. */
export const clipping =
  (optimiser: Optimiser, clip: number): Optimiser =>
  (graph, trained, gradients, learningRate) =>
    optimiser(graph, trained, clipped(graph, gradients, globalNorm(graph, gradients), clip), learningRate)

export function globalNorm(graph: GraphBuilder, gradients: readonly Value[]): Value {
  const squares = gradients.map((gradient) => sum(graph, mul(graph, gradient, gradient)))
  return sqrt(
    graph,
    squares.reduce((total, each) => add(graph, total, each)),
  )
}

function sum(graph: GraphBuilder, x: Value): Value {
  const axes = [...x.type.shape.keys()]
  return axes.length === 0 ? x : reshape(graph, reduceSum(graph, x, axes), [])
}

/** As torch.nn.utils.clip_grad_norm_: times min(1, clip / (norm + 1e-6)). */
export function clipped(
  graph: GraphBuilder,
  gradients: readonly Value[],
  norm: Value,
  clip: number,
): Value[] {
  const excess = relu(graph, add(graph, norm, graph.scalar(1e-6 - clip)))
  const factor = div(graph, graph.scalar(clip), add(graph, excess, graph.scalar(clip)))
  return gradients.map((gradient) => mul(graph, gradient, factor))
}
