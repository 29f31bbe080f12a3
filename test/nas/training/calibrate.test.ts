import { expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { convBn, type Network } from '../../../nas/nets/layers.ts'
import { random } from '../../../nas/random.ts'
import { float32, type Tensors } from '../../../nas/tensor.ts'
import { calibrated } from '../../../nas/training/calibrate.ts'

const engine = await onnxRuntime({ threads: 1 })
const shape = [4, 1, 2, 2]
const network: Network = (context, x) => convBn(context, 'layer', x, { channels: 1, activation: 'linear' })
const rng = random(1)
const batches = Array.from({ length: 3 }, (_, i) =>
  Array.from({ length: 16 }, () => i + (1 + i) * rng.normal()),
)

it('averages the statistics of all batches alike, of any input, and leaves the weights', async () => {
  async function* inputs(): AsyncIterable<Tensors> {
    for (const numbers of batches) yield { features: float32(shape, numbers) }
  }
  const weights = { 'layer/weight': float32([1, 1, 1, 1], [2]) }
  const input = { name: 'features', shape }
  const all = await calibrated(engine, { network, input, epsilon: 1e-3 }, weights, inputs())

  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length
  // The layer doubles its input.
  const means = batches.map((numbers) => 2 * mean(numbers))
  const variances = batches.map((numbers) => {
    const center = mean(numbers)
    return 4 * mean(numbers.map((each) => (each - center) ** 2))
  })
  expect(all['layer/mean']!.data[0]).toBeCloseTo(mean(means), 4)
  expect(all['layer/variance']!.data[0]).toBeCloseTo(mean(variances), 3)
  expect([all['layer/gamma'], all['layer/beta']].map((each) => [...each!.data])).toEqual([[1], [0]])
  expect(all['layer/weight']).toEqual(weights['layer/weight'])
})
