import type { GraphBuilder } from '../../../nas/graph/builder.ts'
import { add } from '../../../nas/graph/ops/add.ts'
import { matmul } from '../../../nas/graph/ops/matmul.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../nas/graph/ops/reshape.ts'
import { sub } from '../../../nas/graph/ops/sub.ts'
import { random } from '../../../nas/random.ts'
import { float32, type Tensors } from '../../../nas/tensor.ts'
import type { Objective } from '../../../nas/training/step.ts'

export const examples = 8
export const features = 3

/** Linear regression: y = x · weight + bias, half the mean squared error. */
export function linearRegression(graph: GraphBuilder): Objective {
  const x = graph.input('x', { dtype: 'float32', shape: [examples, features] })
  const y = graph.input('y', { dtype: 'float32', shape: [examples, 1] })
  const weight = graph.parameter('weight', {
    dtype: 'float32',
    shape: [features, 1],
    role: 'weight',
    initialiser: { kind: 'he-normal', fanOut: 2 },
  })
  const bias = graph.parameter('head/bias', {
    dtype: 'float32',
    shape: [1],
    role: 'norm',
    initialiser: { kind: 'constant', value: 0.5 },
  })
  const error = sub(graph, add(graph, matmul(graph, x, weight), bias), y)
  const sum = reshape(graph, reduceSum(graph, mul(graph, error, error), [0, 1]), [])
  return { loss: mul(graph, sum, graph.scalar(0.5 / examples)), metrics: { sum } }
}

/** Examples of y = x · (1, -2, 0.5) + 3, other ones at each step. */
export async function linearBatch(step: number): Promise<Tensors> {
  const rng = random(5, 'examples', step)
  const x = Float32Array.from({ length: examples * features }, () => rng.normal())
  const y = Float32Array.from(
    { length: examples },
    (_, i) => x[3 * i]! - 2 * x[3 * i + 1]! + 0.5 * x[3 * i + 2]! + 3,
  )
  return { x: float32([examples, features], x), y: float32([examples, 1], y) }
}
