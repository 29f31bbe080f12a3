import { expect, test } from 'vitest'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { gradient } from '../../../../nas/graph/gradient.ts'
import { batchNorm } from '../../../../nas/graph/ops/batch-norm.ts'
import { batchNormInference } from '../../../../nas/graph/ops/batch-norm-inference.ts'
import { reduceSum } from '../../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../../nas/graph/ops/reshape.ts'
import { random } from '../../../../nas/random.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { evaluate } from '../check-op.ts'

const engine = await onnxRuntime({ threads: 1 })
const shape = [2, 3, 4, 5]
const epsilon = 1e-3
const rng = random(3, 'batch-norm')
const x = float32(
  shape,
  Array.from({ length: 120 }, () => 4 + 3 * rng.normal()),
)
const gamma = float32([3], [0.5, 1, 2])
const beta = float32([3], [-1, 0, 3])
const perChannel = { dtype: 'float32', shape: [3] } as const

/** Channel of the i-th number of a map [2,3,4,5]. */
const channelOf = (i: number) => Math.floor(i / 20) % 3

function statistics(channel: number) {
  const numbers = [...x.data].filter((_, i) => channelOf(i) === channel)
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
  const variance = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / numbers.length
  return { mean, variance }
}
const expected = [0, 1, 2].map(statistics)

test('training normalises by the mean and the biased variance over batch and positions, and tells both', async () => {
  const graph = new GraphBuilder()
  const [input, scale, shift] = [
    graph.input('x', x),
    graph.input('gamma', perChannel),
    graph.input('beta', perChannel),
  ]
  const outputs = batchNorm(graph, input, scale, shift, { epsilon })
  const { y, mean, variance } = await evaluate(engine, graph.build({ ...outputs }), { x, gamma, beta })
  expected.forEach((of, channel) => {
    expect(mean!.data[channel]).toBeCloseTo(of.mean, 4)
    expect(variance!.data[channel]).toBeCloseTo(of.variance, 4)
  })
  x.data.forEach((number, i) => {
    const channel = channelOf(i)
    const of = expected[channel]!
    const normalised = (number - of.mean) / Math.sqrt(of.variance + epsilon)
    expect(y!.data[i]).toBeCloseTo(normalised * gamma.data[channel]! + beta.data[channel]!, 4)
  })
})

test('rounding makes no variance negative where channels are constant', async () => {
  const channels = 64
  const constant = float32(
    [1, channels, 3, 3],
    Array.from({ length: 9 * channels }, (_, i) => 10 + 0.37 * Math.floor(i / 9)),
  )
  const graph = new GraphBuilder()
  const shift = graph.constant(float32([channels], new Float32Array(channels).fill(7)))
  const { y, variance } = batchNorm(graph, graph.input('x', constant), shift, shift, { epsilon })
  const results = await evaluate(engine, graph.build({ y, variance }), { x: constant })
  expect(Math.min(...results.variance!.data)).toBeGreaterThanOrEqual(0)
  for (const number of results.y!.data) expect(number).toBeCloseTo(7, 1)
})

test('inference with the statistics of a batch equals training on that batch', async () => {
  const graph = new GraphBuilder()
  const [input, scale, shift] = [
    graph.input('x', x),
    graph.input('gamma', perChannel),
    graph.input('beta', perChannel),
  ]
  const { y, mean, variance } = batchNorm(graph, input, scale, shift, { epsilon })
  const inference = batchNormInference(graph, input, scale, shift, mean, variance, { epsilon })
  const results = await evaluate(engine, graph.build({ y, inference }), { x, gamma, beta })
  results.y!.data.forEach((number, i) => {
    expect(results.inference!.data[i]).toBeCloseTo(number, 5)
  })
})

test('a loss that reads the statistics is refused rather than given half a gradient', () => {
  const graph = new GraphBuilder()
  const input = graph.input('x', x)
  const { y, mean } = batchNorm(graph, input, graph.constant(gamma), graph.constant(beta), { epsilon })
  const centred = reduceSum(
    graph,
    batchNormInference(graph, y, mean, mean, mean, mean, { epsilon }),
    [0, 1, 2, 3],
  )
  expect(() => gradient(graph, reshape(graph, centred, []), [input])).toThrow(/statistics of batch-norm/)
})
