import { describe, expect, test } from 'vitest'
import { mul } from '../../../../nas/graph/ops/mul.ts'
import { reduceMean } from '../../../../nas/graph/ops/reduce-mean.ts'
import { reshape } from '../../../../nas/graph/ops/reshape.ts'
import { sub } from '../../../../nas/graph/ops/sub.ts'
import { backboneFeatures } from '../../../../nas/nets/backbones/index.ts'
import { KNOWN_CELLS } from '../../../../nas/spaces/dpc/known.ts'
import { type DpcTask, networkFor } from '../../../../nas/spaces/dpc/network.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { dropoutNoise } from '../../../../nas/training/noise.ts'
import { sgd } from '../../../../nas/training/sgd.ts'
import { trainingStep } from '../../../../nas/training/step.ts'
import { engine, graphOf, noise, outputShape, run } from '../../nets/networks.ts'

const task: DpcTask = {
  input: 'image',
  backbone: { network: 'mobilenet-v2', width: 0.25, outputStride: 8 },
  cell: { filters: 8, pyramidPooling: 'grid' },
  classes: 3,
  size: [33, 65],
}
const image = [2, 3, 33, 65]
const features = [2, 80, 5, 9]
const genotype = KNOWN_CELLS.aspp

describe('a segmentation network', () => {
  test.each([4, 8, 16] as const)(
    'at output stride %i gives logits of the image size',
    async (outputStride) => {
      const backbone = { network: 'mobilenet-v2', width: 0.25, outputStride } as const
      const graph = graphOf(networkFor(genotype, { ...task, backbone }), image, 'evaluation')
      const { output } = await run(graph, { input: noise(image) })
      expect(output.shape).toEqual([2, 3, 33, 65])
      expect(output.data.every(Number.isFinite)).toBe(true)
    },
  )

  test('trains at the size of the features', async () => {
    const graph = graphOf(networkFor(genotype, task), image, 'training')
    const drawn = dropoutNoise({ shape: [2, 40, 5, 9], oneIn: 10, seed: 1, step: 0 })
    const { output } = await run(graph, { input: noise(image), ...drawn })
    expect(output.shape).toEqual([2, 3, 5, 9])
    expect(output.data.every(Number.isFinite)).toBe(true)
  })

  test('with a decoder trains at stride 4, and still gives logits of the image size', async () => {
    const refined = { ...task, decoder: true, backbone: { ...task.backbone, outputStride: 16 } } as const
    const trained = graphOf(networkFor(genotype, refined), image, 'training')
    expect(outputShape(trained)).toEqual([2, 3, 9, 17])
    const graph = graphOf(networkFor(genotype, refined), image, 'evaluation')
    const { output } = await run(graph, { input: noise(image) })
    expect(output.shape).toEqual([2, 3, 33, 65])
    const shapes = Object.fromEntries(
      [...graph.parameters].map(([name, { parameter }]) => [name, parameter.shape]),
    )
    // Low-level features: 24 channels at a quarter of the width, of which 48 in 256 are kept for a cell of 8 filters.
    expect(shapes['decoder/low-level/weight']).toEqual([2, 8, 1, 1])
    expect(shapes['decoder/separable0/depthwise/weight']).toEqual([10, 1, 3, 3])
    expect(shapes['decoder/separable1/pointwise/weight']).toEqual([8, 8, 1, 1])
  })

  test('on cached features gives what it gives on their image', async () => {
    const whole = graphOf(networkFor(genotype, task), image, 'evaluation')
    const weights = initialise(whole.parameters, 1)
    const input = noise(image)
    const direct = await run(whole, { input }, weights)
    const backbone = graphOf((context, x) => backboneFeatures(context, x, task.backbone), image, 'evaluation')
    const cached = await run(backbone, { input }, weights)
    const head = graphOf(networkFor(genotype, { ...task, input: 'features' }), features, 'evaluation')
    const { output } = await run(head, { input: cached.output }, weights)
    output.data.forEach((y, i) => {
      expect(y).toBeCloseTo(direct.output.data[i]!, 4)
    })
  })

  test('on cached features has no backbone', () => {
    const graph = graphOf(networkFor(genotype, { ...task, input: 'features' }), features, 'training')
    expect(outputShape(graph)).toEqual([2, 3, 5, 9])
    expect([...graph.parameters.keys()].filter((name) => name.startsWith('backbone'))).toEqual([])
  })

  test.each([
    [32, [6, 6]],
    [16, [6, 6]],
    [8, [12, 12]],
    [4, [24, 24]],
  ] as const)('at output stride %i a rate of 6 becomes %j', (outputStride, dilation) => {
    const backbone = { network: 'mobilenet-v2', width: 0.25, outputStride } as const
    const graph = graphOf(networkFor(genotype, { ...task, backbone }), image, 'evaluation')
    const first = graph.nodes.find(
      ({ op, scope }) => op.name === 'conv2d' && scope === 'cell/branch1/depthwise',
    )
    expect(first!.attributes).toMatchObject({ dilation })
  })

  test('learns as a whole: gradients reach every trained parameter, and the loss falls', async () => {
    const shape = [2, 3, 5, 9]
    const step = trainingStep(
      (graph) => {
        const context = { graph, mode: 'training', batchNorm: { decay: 0.9, epsilon: 1e-5 } } as const
        const input = graph.input('input', { dtype: 'float32', shape: image })
        const target = graph.input('target', { dtype: 'float32', shape })
        const difference = sub(graph, networkFor(KNOWN_CELLS['dpc-top1'], task)(context, input), target)
        const square = reduceMean(graph, mul(graph, difference, difference), [0, 1, 2, 3])
        return { loss: reshape(graph, square, []) }
      },
      sgd({ momentum: 0.9, weightDecay: 0 }),
    )
    const program = await (await engine).compile(step)
    const first = initialise(step.parameters, 1)
    const state = (await engine).state(first)
    const losses: number[] = []
    for (let i = 0; i < 12; i++) {
      const drawn = dropoutNoise({ shape: [2, 40, 5, 9], oneIn: 10, seed: 1, step: 0 })
      const batch = { input: noise(image), target: noise(shape, 2), learningRate: float32([], [0.5]) }
      losses.push((await program.run(state, { ...batch, ...drawn })).loss!.data[0]!)
    }
    expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]!)
    const last = await state.read()
    for (const name of step.parameters.keys()) expect(last[name]!.data, name).not.toEqual(first[name]!.data)
    await program.dispose()
  })
})
