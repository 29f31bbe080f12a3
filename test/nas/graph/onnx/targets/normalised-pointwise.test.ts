import { expect, it } from 'vitest'
import { onnxRuntime } from '../../../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../../../nas/graph/builder.ts'
import { same } from '../../../../../nas/graph/convolution.ts'
import { gradient } from '../../../../../nas/graph/gradient.ts'
import { normalisedPointwise } from '../../../../../nas/graph/onnx/targets/cpu/normalised-pointwise.ts'
import { batchNorm } from '../../../../../nas/graph/ops/batch-norm.ts'
import { conv2d } from '../../../../../nas/graph/ops/conv2d.ts'
import { moments } from '../../../../../nas/graph/ops/moments.ts'
import { mul } from '../../../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../../../nas/graph/ops/reduce-sum.ts'
import { relu6 } from '../../../../../nas/graph/ops/relu6.ts'
import { reshape } from '../../../../../nas/graph/ops/reshape.ts'
import { random } from '../../../../../nas/random.ts'
import { float32, sizeOf } from '../../../../../nas/tensor.ts'
import { difference } from '../../check-op.ts'

const engine = await onnxRuntime({ threads: 1 })

const shapes = { x: [4, 3, 5, 4], weight: [8, 3, 1, 1], gamma: [8], beta: [8], slopes: [4, 8, 5, 4] }
const inputs = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => {
    const rng = random(1, name)
    // Far from a mean of 0, so that a covariance is not just a second moment.
    return [
      name,
      float32(
        shape,
        Array.from({ length: sizeOf(shape) }, () => rng.normal() + 1),
      ),
    ]
  }),
)
const options = { epsilon: 1e-3, cap: 6 }

/** Output, statistics, and gradients of a loss that depends on every number of the output otherwise. */
async function computed(layer: typeof normalisedPointwise) {
  const graph = new GraphBuilder()
  const [x, weight, gamma, beta, slopes] = Object.entries(inputs).map(([name, type]) =>
    graph.input(name, type),
  )
  const { y, mean, variance } = layer(graph, x!, weight!, gamma!, beta!, options)
  const loss = reduceSum(graph, mul(graph, mul(graph, y, y), slopes!), [0, 1, 2, 3])
  const gradients = gradient(graph, reshape(graph, loss, []), [x!, weight!, gamma!, beta!])
  const names = ['dx', 'dweight', 'dgamma', 'dbeta']
  const program = await engine.compile(
    graph.build({ y, mean, variance, ...Object.fromEntries(names.map((name, i) => [name, gradients[i]!])) }),
  )
  return program.run(engine.state({}), inputs)
}

it('is a convolution, a batch normalisation and a relu6, in value and gradient', async () => {
  const expected = await computed((graph, x, weight, gamma, beta) => {
    const { y, ...statistics } = batchNorm(
      graph,
      conv2d(graph, x, weight, same([1, 1])),
      gamma,
      beta,
      options,
    )
    return { y: relu6(graph, y), ...statistics }
  })
  expect(difference(await computed(normalisedPointwise), expected)).toBeLessThan(1e-5)
})

it('keeps the digits of a covariance on a card, however far the mean is from 0', async () => {
  const [shape, count, channels] = [[2, 3, 8, 8], 128, 3]
  const rng = random(3, 'far')
  const x = float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => 100 + 0.1 * rng.normal()),
  )
  const channel = (c: number) =>
    Array.from({ length: count }, (_, i) => x.data[(Math.floor(i / 64) * channels + c) * 64 + (i % 64)]!)
  const means = [0, 1, 2].map((c) => channel(c).reduce((sum, each) => sum + each) / count)
  const expected = [0, 1, 2].flatMap((a) =>
    [0, 1, 2].map((b) => {
      const other = channel(b)
      return (
        channel(a).reduce((sum, each, i) => sum + (each - means[a]!) * (other[i]! - means[b]!), 0) / count
      )
    }),
  )
  const graph = new GraphBuilder()
  const { covariance } = moments(graph, graph.input('x', { dtype: 'float32', shape }))
  const card = await onnxRuntime({ device: 'cuda', provider: 'cpu', threads: 1 })
  const program = await card.compile(graph.build({ covariance }))
  const found = await program.run(card.state({}), { x })
  expect(difference(found, { covariance: float32([3, 3], expected) })).toBeLessThan(1e-2)
})
