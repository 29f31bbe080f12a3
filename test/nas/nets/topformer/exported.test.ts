import { expect, it } from 'vitest'
import { runModel } from '../../../../nas/engines/onnxruntime/run-model.ts'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { toOnnx } from '../../../../nas/graph/onnx/model.ts'
import { topformer } from '../../../../nas/nets/topformer/network.ts'
import { random } from '../../../../nas/random.ts'
import { float32, sizeOf } from '../../../../nas/tensor.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { segmentationGraph } from '../../../../nas/training/segmentation.ts'
import { TINY } from './tiny.ts'

const engine = await onnxRuntime({ threads: 1 })

const graphAt = (n: number, height: number, width: number) =>
  segmentationGraph({
    network: topformer(TINY, 4),
    input: { name: 'image', shape: [n, 3, height, width] },
  })

/** With scales that let the transformer take part, and do not let its softmax choose one token. */
const weights = Object.fromEntries(
  Object.entries(initialise(graphAt(1, 65, 65).parameters, 1)).map(([name, tensor]) => {
    const scale = /(query|key).gamma$/.test(name) ? 0.05 : 0.7
    const { shape } = tensor
    return [name, name.endsWith('/gamma') ? float32(shape, Array<number>(sizeOf(shape)).fill(scale)) : tensor]
  }),
)

it.each([
  [1, 65, 65],
  [2, 129, 257],
  [1, 97, 321],
])('a model for images of any size computes what the engine does: %d of %dx%d', async (n, height, width) => {
  const axes = { image: ['batch', null, 'height', 'width'] } as const
  const model = toOnnx(graphAt(1, 65, 65), { parameters: weights, exported: axes })
  const shape = [n, 3, height, width]
  const rng = random(1, 'image', height)
  const image = float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  )
  const graph = graphAt(n, height, width)
  const program = await engine.compile(graph)
  const state = engine.state(weights)
  const { logits: expected } = await program.run(state, { image })
  const { logits } = await runModel(model, { image })
  expect(logits!.shape).toEqual(expected!.shape)
  const data = [...expected!.data]
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  for (const [i, value] of data.entries())
    expect(Math.abs(logits!.data[i]! - value)).toBeLessThan(1e-4 * largest)
  state.dispose()
  await program.dispose()
})
