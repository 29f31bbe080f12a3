import { describe, expect, test } from 'vitest'
import type { Graph } from '../../../../nas/graph/graph.ts'
import type { OutputStride } from '../../../../nas/nets/atrous.ts'
import { BACKBONES, backboneFeatures } from '../../../../nas/nets/backbones/index.ts'
import { BACKBONE_NAMES, type BackboneName } from '../../../../nas/nets/backbones/names.ts'
import { pointwiseWithBias } from '../../../../nas/nets/layers.ts'
import { float32, int32, sizeOf, type Tensors } from '../../../../nas/tensor.ts'
import { segmentationStep } from '../../../../nas/training/segmentation.ts'
import { sgd } from '../../../../nas/training/sgd.ts'
import { engine, graphOf, noise, outputShape, run } from '../networks.ts'

const CHANNELS: Readonly<Record<BackboneName, number>> = {
  'mobilenet-v2': 320,
  'resnet-18': 512,
  'resnet-50': 2048,
  'resnet-101': 2048,
  'resnext-101': 2048,
  'vgg-16': 512,
  'vgg-19': 512,
  'xception-65': 2048,
  'xception-71': 2048,
}

const featuresOf = (
  network: BackboneName,
  outputStride: OutputStride,
  shape: readonly number[],
  mode: 'training' | 'evaluation' = 'evaluation',
) =>
  graphOf(
    (context, image) => backboneFeatures(context, image, { network, width: 1, outputStride }),
    shape,
    mode,
  )

/**
 * Weights drawn at once: millions of normal numbers would take seconds. Scales keep activations from growing and vanishing
 * over a hundred layers without batch statistics.
 */
function weightsOf({ parameters }: Graph): Tensors {
  let seed = 1
  const uniform = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0
    return seed / 2 ** 31
  }
  return Object.fromEntries(
    [...parameters].map(([name, { parameter }]) => {
      const { shape, initialiser } = parameter
      const data = new Float32Array(sizeOf(shape))
      if (initialiser.kind === 'constant') data.fill(name.endsWith('gamma') ? 0.6 : initialiser.value)
      else {
        const fanOut = initialiser.kind === 'he-normal' ? initialiser.fanOut : 1
        for (let i = 0; i < data.length; i++) data[i] = uniform() * Math.sqrt(6 / fanOut)
      }
      return [name, float32(shape, data)]
    }),
  )
}

describe.each(BACKBONE_NAMES)('%s', (network) => {
  test('has the sizes of DeepLab: 1025 x 2049 to 65 x 129 at output stride 16, and twice as many at 8', () => {
    expect(outputShape(featuresOf(network, 16, [1, 3, 1025, 2049]))).toEqual([1, CHANNELS[network], 65, 129])
    expect(outputShape(featuresOf(network, 8, [1, 3, 50, 33]))).toEqual([1, CHANNELS[network], 7, 5])
  })

  test('has the same parameters at all output strides, and those of its classifier', () => {
    const at = (outputStride: OutputStride) => {
      const { parameters } = featuresOf(network, outputStride, [1, 3, 64, 64], 'training')
      return [...parameters.values()].map(({ parameter }) => parameter)
    }
    for (const stride of [8, 16] as const) expect(at(stride)).toEqual(at(32))
    const whole = graphOf(
      (context, image) => BACKBONES[network].classifier(context, image, 10),
      [1, 3, 64, 64],
      'training',
    )
    expect([...whole.parameters.keys()]).toEqual(expect.arrayContaining(at(32).map(({ name }) => name)))
  })

  // These repeat the blocks of the shallower ones, and would take half a minute.
  test.skipIf(['resnet-101', 'resnext-101', 'vgg-19', 'xception-71'].includes(network))(
    'at output stride 8, at every second position, is at 16: only the resolution differs',
    async () => {
      const shape = [1, 3, 65, 33]
      const input = noise(shape)
      const weights = weightsOf(featuresOf(network, 16, shape))
      const [fine, coarse] = await Promise.all(
        ([8, 16] as const).map(async (stride) => run(featuresOf(network, stride, shape), { input }, weights)),
      )
      const [, channels, height, width] = coarse!.output.shape as [number, number, number, number]
      const scale = Math.max(...coarse!.output.data.map(Math.abs))
      expect(scale).toBeGreaterThan(0)
      let furthest = 0
      for (let c = 0; c < channels; c++)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const dense = fine!.output.data[(c * (2 * height - 1) + 2 * y) * (2 * width - 1) + 2 * x]!
            furthest = Math.max(
              furthest,
              Math.abs(dense - coarse!.output.data[(c * height + y) * width + x]!),
            )
          }
      expect(furthest).toBeLessThan(1e-3 * scale)
    },
  )
})

/** The others are deeper, or made of the same blocks. */
test.each(['resnet-18', 'xception-65'] as const)(
  '%s trains: the loss on one batch falls',
  async (network) => {
    const shape = [2, 3, 33, 33] as const
    const labels = [9, 9] as const
    const graph = segmentationStep(
      {
        network: (context, image) => {
          const features = backboneFeatures(context, image, { network, width: 1, outputStride: 16 })
          return pointwiseWithBias(context, 'classifier', features, 2, { kind: 'constant', value: 0 })
        },
        input: { name: 'image', shape },
        labels,
      },
      sgd({ momentum: 0.9, weightDecay: 0 }),
      10,
      (await engine).rewrites,
    )
    const program = await (await engine).compile(graph)
    const state = (await engine).state(weightsOf(graph))
    const inputs = {
      image: noise(shape),
      labels: int32(
        [2, ...labels],
        Int32Array.from({ length: 162 }, (_, i) => Math.floor(i / 81)),
      ),
      learningRate: float32([], [0.01]),
    }
    const losses: number[] = []
    for (let i = 0; i < 3; i++) losses.push((await program.run(state, inputs)).loss!.data[0]!)
    await program.dispose()
    state.dispose()
    expect(losses[0]).toBeCloseTo(Math.log(2), 3)
    expect(losses.at(-1)).toBeLessThan(0.99 * losses[0]!)
  },
)
