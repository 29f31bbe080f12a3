import { expect, test } from 'vitest'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { dropout } from '../../../../nas/graph/ops/dropout.ts'
import { float32, int32 } from '../../../../nas/tensor.ts'
import { evaluate } from '../check-op.ts'

const engine = await onnxRuntime({ threads: 1 })
const oneIn = 3

/** Every way in which the noise of 2 channels and 2 positions can fall is one image of the batch. */
async function allOutcomes() {
  const outcomes = Array.from({ length: oneIn ** 4 }, (_, i) =>
    [0, 1, 2, 3].map((digit) => Math.floor(i / oneIn ** digit) % oneIn),
  )
  const n = outcomes.length
  const inputs = {
    x: float32([n, 2, 1, 2], new Float32Array(4 * n).fill(1)),
    channelNoise: int32(
      [n, 2, 1, 1],
      outcomes.flatMap((noise) => noise.slice(0, 2)),
    ),
    positionNoise: int32(
      [n, 1, 1, 2],
      outcomes.flatMap((noise) => noise.slice(2)),
    ),
  }
  const graph = new GraphBuilder()
  const [x, channelNoise, positionNoise] = Object.entries(inputs).map(([name, tensor]) =>
    graph.input(name, tensor),
  )
  const y = dropout(graph, x!, channelNoise!, positionNoise!, { oneIn })
  const { data } = (await evaluate(engine, graph.build({ y }), inputs)).y!
  return Array.from({ length: n }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)])
}

test('each element is dropped with probability 1 / oneIn, and the mean is kept', async () => {
  const outcomes = await allOutcomes()
  for (let i = 0; i < 4; i++) {
    expect(outcomes.filter((y) => y[i] === 0).length / outcomes.length).toBeCloseTo(1 / oneIn, 10)
    expect(outcomes.reduce((sum, y) => sum + y[i]!, 0) / outcomes.length).toBeCloseTo(1, 6)
  }
})

test('any two elements are dropped independently, in the same channel or position too', async () => {
  const outcomes = await allOutcomes()
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < i; j++) {
      const both = outcomes.filter((y) => y[i] === 0 && y[j] === 0).length
      expect(both / outcomes.length).toBeCloseTo(1 / oneIn ** 2, 10)
    }
})
