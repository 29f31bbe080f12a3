import { batchNorm } from '../../../../nas/graph/ops/batch-norm.ts'
import { batchNormInference } from '../../../../nas/graph/ops/batch-norm-inference.ts'
import { moments } from '../../../../nas/graph/ops/moments.ts'
import { scaledPointwise } from '../../../../nas/graph/ops/scaled-pointwise.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { coarse, fine, normal, type OpCase, on, positive } from './op-case.ts'

export const normalisationCases: readonly OpCase[] = [
  on('moments of few channels', { x: normal('x', 2, 3, 4, 2) }, coarse, (graph, x) =>
    Object.values(moments(graph, x!)),
  ),
  on('moments of many channels', { x: normal('x', 3, 5, 2, 2) }, coarse, (graph, x) =>
    Object.values(moments(graph, x!)),
  ),
  on(
    'scaled-pointwise',
    {
      x: normal('x', 2, 3, 2, 3),
      weight: normal('weight', 5, 3, 1, 1),
      scale: positive('scale', 5),
      shift: normal('shift', 5),
    },
    fine,
    (graph, x, weight, scale, shift) => [
      scaledPointwise(graph, x!, weight!, scale!, shift!, { cap: Infinity }),
    ],
  ),
  on(
    'scaled-pointwise with a cap, of fixed weights',
    {
      x: normal('x', 2, 3, 2, 3),
      weight: normal('weight', 5, 3, 1, 1),
      scale: positive('scale', 5),
      shift: normal('shift', 5),
    },
    fine,
    (graph, x, weight, scale, shift) => [scaledPointwise(graph, x!, weight!, scale!, shift!, { cap: 1 })],
    ['x', 'scale', 'shift'],
  ),
  on(
    'batch-norm',
    { x: normal('x', 2, 3, 4, 5), gamma: positive('gamma', 3), beta: normal('beta', 3) },
    fine,
    (graph, x, gamma, beta) => [batchNorm(graph, x!, gamma!, beta!, { epsilon: 1e-3 }).y],
  ),
  on(
    'batch-norm: a batch of one, a mean that is large beside the deviation',
    {
      x: float32([1, 2, 5, 3], normal('x', 1, 2, 5, 3).data.map((x) => x + 10) as Float32Array),
      gamma: positive('gamma', 2),
      beta: normal('beta', 2),
    },
    fine,
    (graph, x, gamma, beta) => [batchNorm(graph, x!, gamma!, beta!, { epsilon: 1e-3 }).y],
  ),
  ...[2, Infinity].map((cap) =>
    on(
      `batch-norm: and a relu up to ${cap}`,
      { x: normal('x', 2, 4, 2, 3), gamma: positive('gamma', 4), beta: normal('beta', 4) },
      fine,
      (graph, x, gamma, beta) => [batchNorm(graph, x!, gamma!, beta!, { epsilon: 1e-3, cap }).y],
    ),
  ),
  on(
    'batch-norm: statistics',
    { x: normal('x', 2, 3, 4, 5), gamma: positive('gamma', 3), beta: normal('beta', 3) },
    fine,
    (graph, x, gamma, beta) => {
      const { mean, variance } = batchNorm(graph, x!, gamma!, beta!, { epsilon: 1e-3 })
      return [mean, variance]
    },
    [],
  ),
  on(
    'batch-norm-inference',
    {
      x: normal('x', 2, 3, 4, 5),
      gamma: positive('gamma', 3),
      beta: normal('beta', 3),
      mean: normal('mean', 3),
      variance: positive('variance', 3),
    },
    coarse,
    (graph, x, gamma, beta, mean, variance) => [
      batchNormInference(graph, x!, gamma!, beta!, mean!, variance!, { epsilon: 1e-3 }),
    ],
    ['x', 'gamma', 'beta'],
  ),
]
