import type { GraphBuilder } from '../../../builder.ts'
import type { Value } from '../../../graph.ts'
import { add } from '../../../ops/add.ts'
import { div } from '../../../ops/div.ts'
import { matmul } from '../../../ops/matmul.ts'
import { type Moments, moments } from '../../../ops/moments.ts'
import { mul } from '../../../ops/mul.ts'
import { reduceSum } from '../../../ops/reduce-sum.ts'
import { relu } from '../../../ops/relu.ts'
import { reshape } from '../../../ops/reshape.ts'
import { scaledPointwise } from '../../../ops/scaled-pointwise.ts'
import { sqrt } from '../../../ops/sqrt.ts'
import { sub } from '../../../ops/sub.ts'

interface Options {
  readonly epsilon: number
  readonly cap: number
  /** Moments of the input, where they are known. */
  readonly ofInput?: Moments | undefined
}

/**
 * A 1x1 convolution W, the batch normalisation after it and a ReLU with a cap, from the mean m and the covariance C of the
 * input's channels instead of the output's: as e = W x is linear, E[e] = W m and Var[e] = diag(W C Wᵀ). The normalisation is
 * then folded into the convolution. Where the output has many more channels than the input, this takes fewer passes over memory.
 * @param x [N,C,H,W]; @param weight [K,C,1,1]; gamma and beta are [K].
 * @returns y [N,K,H,W], and mean and variance [K] of the batch.
 */
export function normalisedPointwise(
  graph: GraphBuilder,
  x: Value,
  weight: Value,
  gamma: Value,
  beta: Value,
  options: Options,
): { readonly y: Value; readonly mean: Value; readonly variance: Value } {
  const [k, c] = weight.type.shape as [number, number]
  const { epsilon, cap, ofInput = moments(graph, x) } = options
  const matrix = reshape(graph, weight, [k, c])
  const m = reshape(graph, ofInput.mean, [c, 1])
  const mean = matmul(graph, matrix, m)
  // Rounding may make it negative.
  const variance = relu(
    graph,
    reduceSum(graph, mul(graph, matmul(graph, matrix, ofInput.covariance), matrix), [1]),
  )
  const deviation = sqrt(graph, add(graph, variance, graph.scalar(epsilon)))
  const scale = div(graph, gamma, reshape(graph, deviation, [k]))
  const ofOutput = reshape(graph, mean, [k])
  const shift = sub(graph, beta, mul(graph, scale, ofOutput))
  return {
    y: scaledPointwise(graph, x, weight, scale, shift, { cap }),
    mean: ofOutput,
    variance: reshape(graph, variance, [k]),
  }
}
