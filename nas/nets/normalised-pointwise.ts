import type { GraphBuilder } from '../graph/builder.ts'
import { same } from '../graph/convolution.ts'
import type { Value } from '../graph/graph.ts'
import { add } from '../graph/ops/add.ts'
import { biasedConv2d } from '../graph/ops/biased-conv2d.ts'
import { div } from '../graph/ops/div.ts'
import { matmul } from '../graph/ops/matmul.ts'
import { mul } from '../graph/ops/mul.ts'
import { reduceMean } from '../graph/ops/reduce-mean.ts'
import { reduceSum } from '../graph/ops/reduce-sum.ts'
import { relu } from '../graph/ops/relu.ts'
import { reshape } from '../graph/ops/reshape.ts'
import { secondMoment } from '../graph/ops/second-moment.ts'
import { sqrt } from '../graph/ops/sqrt.ts'
import { sub } from '../graph/ops/sub.ts'

/**
 * A 1x1 convolution W and the batch normalisation after it, from the mean m and the covariance C of the input's channels
 * instead of its output: as e = W x is linear, E[e] = W m and Var[e] = diag(W C Wᵀ). Normalising is then part of the
 * convolution. Where the output has many more channels than the input, this walks over memory far less often.
 * @param x [N,C,H,W]; @param weight [K,C,1,1]; gamma and beta are [K].
 * @returns y [N,K,H,W], and mean and variance [K] of the batch.
 */
export function normalisedPointwise(
  graph: GraphBuilder,
  x: Value,
  weight: Value,
  gamma: Value,
  beta: Value,
  { epsilon }: { readonly epsilon: number },
): { readonly y: Value; readonly mean: Value; readonly variance: Value } {
  const [k, c] = weight.type.shape as [number, number]
  const matrix = reshape(graph, weight, [k, c])
  const m = reshape(graph, reduceMean(graph, x, [0, 2, 3]), [c, 1])
  const covariance = sub(graph, secondMoment(graph, x), matmul(graph, m, m, { a: false, b: true }))
  const mean = matmul(graph, matrix, m)
  // Rounding may take it below zero.
  const variance = relu(graph, reduceSum(graph, mul(graph, matmul(graph, matrix, covariance), matrix), [1]))
  const deviation = sqrt(graph, add(graph, variance, graph.scalar(epsilon)))
  const scale = div(graph, reshape(graph, gamma, [k, 1]), deviation)
  const filter = reshape(graph, mul(graph, matrix, scale), [k, c, 1, 1])
  const bias = sub(graph, beta, reshape(graph, mul(graph, scale, mean), [k]))
  return {
    y: biasedConv2d(graph, x, filter, bias, same([1, 1])),
    mean: reshape(graph, mean, [k]),
    variance: reshape(graph, variance, [k]),
  }
}
