import { expect, it } from 'vitest'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { random } from '../../../../nas/random.ts'
import { sample, smallest } from '../../../../nas/spaces/topformer/space.ts'
import { subNetworks } from '../../../../nas/spaces/topformer/sub-networks.ts'
import { supernetContext, topformerSupernet } from '../../../../nas/spaces/topformer/supernet.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../../nas/tensor.ts'
import { calibrated } from '../../../../nas/training/calibrate.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { segmentationGraph } from '../../../../nas/training/segmentation.ts'
import { TINY_SPACE } from './tiny-space.ts'

const engine = await onnxRuntime({ threads: 1 })
const classes = 3
const supernet = topformerSupernet({ space: TINY_SPACE, classes })
const shape = [2, 3, 65, 97] as const
const rng = random(4, 'images')
const images = Array.from({ length: 3 }, () =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  ),
)
const batches = async function* (): AsyncGenerator<{ readonly image: Tensor }> {
  for (const image of images.slice(0, 2)) yield { image }
}

const weights: Tensors = (() => {
  const graph = new GraphBuilder()
  const y = supernet.network(supernetContext(graph), graph.input('image', { dtype: 'float32', shape }))
  const drawn = initialise(graph.build({ y }).parameters, 6)
  const scaled = ([name, tensor]: [string, Tensor]) =>
    name.endsWith('/gamma') ? float32(tensor.shape, Array<number>(sizeOf(tensor.shape)).fill(0.6)) : tensor
  return Object.fromEntries(Object.entries(drawn).map((each) => [each[0], scaled(each)]))
})()

const largest = (data: Iterable<number>) => [...data].reduce((most, x) => Math.max(most, Math.abs(x)), 0)

it('networks that are calibrated by masks, one after the other, are the dense ones with statistics of their own', async () => {
  const networks = await subNetworks(engine, { supernet, weights, calibration: shape, evaluation: shape })
  for (const genotype of [sample(TINY_SPACE, rng), smallest(TINY_SPACE), sample(TINY_SPACE, rng)]) {
    await networks.calibrate(genotype, batches())
    const found = networks.inherited()
    const { program: masked, state: shared } = networks.calibrated
    const { logits } = await masked.run(shared, { image: images[2]! })

    const network = supernet.networkOf(genotype)
    const input = { name: 'image', shape } as const
    const dense = await calibrated(
      engine,
      { network, input, epsilon: 1e-5 },
      supernet.inherit(genotype, weights),
      batches(),
    )
    expect(Object.keys(found).sort()).toEqual(Object.keys(dense).sort())
    for (const [name, { data }] of Object.entries(dense)) {
      const off = largest([...data].map((x, i) => x - found[name]!.data[i]!))
      expect(off, name).toBeLessThan(1e-3 * Math.max(largest(data), 1e-2))
    }
    const program = await engine.compile(segmentationGraph({ network, input, labels: [65, 97] }))
    const state = engine.state(found)
    const expected = (await program.run(state, { image: images[2]! })).logits!.data
    expect(largest([...expected].map((x, i) => x - logits!.data[i]!))).toBeLessThan(1e-3 * largest(expected))
    state.dispose()
    await program.dispose()
  }
  await networks.dispose()
})
