import { describe, expect, test } from 'vitest'
import { IMAGENET, INCEPTION } from '../../../../nas/image-statistics.ts'
import { backboneFeatures } from '../../../../nas/nets/backbones/index.ts'
import type { BackboneName } from '../../../../nas/nets/backbones/names.ts'
import { forImageNetStatistics } from '../../../../nas/nets/image-normalisation.ts'
import { convBn } from '../../../../nas/nets/layers.ts'
import { backboneWeights } from '../../../../nas/nets/weights.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../../nas/tensor.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { graphOf, noise, run } from '../networks.ts'
import { resNet, type Shapes, vgg, xception65, xception71 } from './pytorch.ts'

const FILES: readonly (readonly [BackboneName, Shapes, total: number])[] = [
  ['resnet-18', resNet([2, 2, 2, 2], 1), 11_689_512],
  ['resnet-50', resNet([3, 4, 6, 3], 4), 25_557_032],
  ['resnet-101', resNet([3, 4, 23, 3], 4), 44_549_160],
  ['resnext-101', resNet([3, 4, 23, 3], 4, { groups: 32, width: 8 }), 88_791_336],
  ['vgg-16', vgg([2, 2, 3, 3, 3]), 138_357_544],
  ['xception-65', xception65, 39_916_312],
  ['xception-71', xception71, 42_338_736],
]

const graphOfNetwork = (network: BackboneName) =>
  graphOf(
    (context, image) => backboneFeatures(context, image, { network, width: 1, outputStride: 16 }),
    [1, 3, 33, 33],
    'evaluation',
  )

const isClassifier = (name: string) => /^(fc|head\.fc|classifier\.\d)\./.test(name)

/** Every tensor is filled with a number of its own, by which it is found again; those of the classifier, which may be large, have one. */
const fileOf = (shapes: Shapes): Tensors => ({
  ...Object.fromEntries(
    Object.entries(shapes).map(([name, all], i) => {
      const shape = isClassifier(name) ? [1] : all
      return [name, float32(shape, new Float32Array(sizeOf(shape)).fill(i + 1))]
    }),
  ),
  'bn1.num_batches_tracked': float32([], [7]),
})

describe.each(FILES)('%s', (network, shapes, total) => {
  const graph = graphOfNetwork(network)

  test('the file of the library has as many parameters as the library says', () => {
    const trained = Object.entries(shapes).filter(([name]) => !name.includes('running_'))
    expect(trained.reduce((sum, [, shape]) => sum + sizeOf(shape), 0)).toBe(total)
  })

  test('takes all tensors of the file but the classifier, in the order in which an image passes them', () => {
    const file = fileOf(shapes)
    const names = Object.keys(shapes).filter((name) => !isClassifier(name))
    const taken = Object.values(backboneWeights(file, network, graph, 'w.safetensors'))
    expect(taken.map(({ shape }) => shape)).toEqual(names.map((name) => shapes[name]))
    // The first layer is converted where images were normalised otherwise.
    const numbers = (tensors: readonly Tensor[]) => tensors.slice(5).map(({ data }) => data[0])
    expect(numbers(taken)).toEqual(numbers(names.map((name) => file[name]!)))
  })

  test('names the tensor that is missing, and where weights come from', () => {
    const name = Object.keys(shapes)
      .filter((name) => !isClassifier(name))
      .at(-1)!
    const { [name]: _, ...others } = fileOf(shapes)
    expect(() => backboneWeights(others, network, graph, 'w.safetensors')).toThrow(
      expect.objectContaining({
        code: 'invalid-checkpoint',
        message: expect.stringContaining(`${name} is missing, and should be float32`),
        fix: expect.stringMatching(
          new RegExp(`^give weights of ${network}: .*timm's ${network.replace('-', '')}`),
        ),
      }),
    )
  })
})

test('weights for images of -1 to 1 give with our images what they gave with those', async () => {
  const shape = [1, 3, 9, 9]
  const graph = graphOf(
    (context, x) => convBn(context, 'stem', x, { channels: 4, kernel: 3, stride: 2, activation: 'relu' }),
    shape,
    'evaluation',
  )
  const weights = { ...initialise(graph.parameters, 1), 'stem/mean': noise([4], 2) }
  const colours = noise(shape, 3).data.map((x) => 0.5 + 0.2 * x)
  const imageFor = ({ mean, deviation }: typeof IMAGENET) =>
    float32(
      shape,
      [...colours].map((x, i) => (x - mean[Math.floor(i / 81)]!) / deviation[Math.floor(i / 81)]!),
    )
  const theirs = await run(graph, { input: imageFor(INCEPTION) }, weights)
  const converted = forImageNetStatistics(weights, 'stem', INCEPTION)
  const ours = await run(graph, { input: imageFor(IMAGENET) }, converted)
  // But for the border, where padding has another colour.
  for (const c of [0, 1, 2, 3])
    for (const y of [1, 2, 3])
      for (const x of [1, 2, 3])
        expect(ours.output.data[c * 25 + y * 5 + x]).toBeCloseTo(theirs.output.data[c * 25 + y * 5 + x]!, 4)
})
