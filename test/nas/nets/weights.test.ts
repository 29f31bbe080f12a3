import { describe, expect, test } from 'vitest'
import { mobileNetV2, mobileNetV2Blocks } from '../../../nas/nets/mobilenet-v2.ts'
import { backboneWeights } from '../../../nas/nets/weights.ts'
import { float32, type Tensor, type Tensors } from '../../../nas/tensor.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import { graphOf, noise, run } from './networks.ts'

const WIDTH = 0.25
const shape = [1, 3, 33, 65]
const features = graphOf(
  (context, image) => mobileNetV2Blocks(context, image, { width: WIDTH, outputStride: 8 }).at(-1)!,
  shape,
  'evaluation',
)
const classifier = graphOf(
  (context, image) => mobileNetV2(context, image, { width: WIDTH, classes: 10 }),
  [1, 3, 64, 64],
  'evaluation',
)

/** Different, plausible numbers in every tensor. */
const ours: Tensors = Object.fromEntries(
  Object.entries(initialise(classifier.parameters, 1)).map(([name, { shape }], i) => {
    const values = [...noise(shape, i).data]
    const positive = name.endsWith('variance') || name.endsWith('gamma')
    return [
      name,
      float32(
        shape,
        values.map((x) => (positive ? 0.5 + Math.abs(x) : 0.3 * x)),
      ),
    ]
  }),
)
const backbone = Object.fromEntries(
  [...features.parameters.keys()].map((name) => [name, ours[name]!] as const),
)

type Renamed = (convolution: string, normalisation: string, ourLayer: string) => void

/** Writes our weights under another library's names. */
function written(walk: (rename: Renamed) => void): Tensors {
  const file: Record<string, Tensor> = {
    'classifier.1.weight': noise([1000, 1280]),
    num_batches_tracked: float32([], [7]),
  }
  walk((convolution, normalisation, layer) => {
    file[`${convolution}.weight`] = ours[`backbone/${layer}/weight`]!
    file[`${normalisation}.weight`] = ours[`backbone/${layer}/gamma`]!
    file[`${normalisation}.bias`] = ours[`backbone/${layer}/beta`]!
    file[`${normalisation}.running_mean`] = ours[`backbone/${layer}/mean`]!
    file[`${normalisation}.running_var`] = ours[`backbone/${layer}/variance`]!
  })
  return file
}

const torchvision = written((rename) => {
  rename('features.0.0', 'features.0.1', 'stem')
  rename('features.1.conv.0.0', 'features.1.conv.0.1', 'block0/depthwise')
  rename('features.1.conv.1', 'features.1.conv.2', 'block0/project')
  for (let i = 2; i <= 17; i++) {
    rename(`features.${i}.conv.0.0`, `features.${i}.conv.0.1`, `block${i - 1}/expand`)
    rename(`features.${i}.conv.1.0`, `features.${i}.conv.1.1`, `block${i - 1}/depthwise`)
    rename(`features.${i}.conv.2`, `features.${i}.conv.3`, `block${i - 1}/project`)
  }
  rename('features.18.0', 'features.18.1', 'last')
})

const timm = written((rename) => {
  rename('conv_stem', 'bn1', 'stem')
  rename('blocks.0.0.conv_dw', 'blocks.0.0.bn1', 'block0/depthwise')
  rename('blocks.0.0.conv_pw', 'blocks.0.0.bn2', 'block0/project')
  const places = '1.0 1.1 2.0 2.1 2.2 3.0 3.1 3.2 3.3 4.0 4.1 4.2 5.0 5.1 5.2 6.0'.split(' ')
  for (const [i, place] of places.entries()) {
    rename(`blocks.${place}.conv_pw`, `blocks.${place}.bn1`, `block${i + 1}/expand`)
    rename(`blocks.${place}.conv_dw`, `blocks.${place}.bn2`, `block${i + 1}/depthwise`)
    rename(`blocks.${place}.conv_pwl`, `blocks.${place}.bn3`, `block${i + 1}/project`)
  }
  rename('conv_head', 'bn2', 'last')
})

describe.each([
  ['torchvision', torchvision],
  ['timm', timm],
  ['Trellis', ours],
] as const)('weights named by %s', (_, file) => {
  test('fill the features, all of them, and leave the rest of the file', () => {
    expect(backboneWeights(file, 'mobilenet-v2', features, 'w.safetensors')).toEqual(backbone)
  })

  test('fill the last convolution of a classifier too', () => {
    const { 'classifier/weight': _w, 'classifier/bias': _b, ...withLast } = ours
    expect(backboneWeights(file, 'mobilenet-v2', classifier, 'w.safetensors')).toEqual(withLast)
  })

  test('give features when run', async () => {
    const { output } = await run(
      features,
      { input: noise(shape) },
      backboneWeights(file, 'mobilenet-v2', features, 'w.safetensors'),
    )
    expect(output.shape).toEqual([1, 80, 5, 9])
    expect(output.data.every(Number.isFinite)).toBe(true)
  })
})

describe('weights that do not fit', () => {
  const without = (file: Tensors, name: string) =>
    Object.fromEntries(Object.entries(file).filter(([key]) => key !== name))
  const refused = (file: Tensors, ...words: readonly string[]) => {
    for (const word of words)
      expect(() => backboneWeights(file, 'mobilenet-v2', features, 'w.safetensors')).toThrow(
        expect.objectContaining({ code: 'invalid-checkpoint', message: expect.stringContaining(word) }),
      )
  }

  const withValue = (name: string, value: number) => {
    const { shape, data } = torchvision[name]!
    return { ...torchvision, [name]: float32(shape, Float32Array.from(data).fill(value, 1, 2)) }
  }

  test.each([
    ['features.0.0.weight', Number.NaN, 'features.0.0.weight holds NaN'],
    ['features.3.conv.3.running_mean', Number.NEGATIVE_INFINITY, 'running_mean holds -Infinity'],
    ['features.3.conv.3.running_var', -1, 'features.3.conv.3.running_var holds a negative variance'],
  ])('%s with %d is named, with the file', (name, value, message) => {
    refused(withValue(name, value), 'backbone weights w.safetensors: ', message)
  })

  test('weights that are all 0 are none', () => {
    const zeros = Object.entries(torchvision).map(([name, { shape, data }]) => [
      name,
      name.endsWith('.weight') && shape.length === 4
        ? float32(shape, new Float32Array(data.length))
        : float32(shape, Float32Array.from(data)),
    ])
    refused(Object.fromEntries(zeros), 'all weights of its convolutions are 0')
  })

  test('a missing tensor is named as the file would name it, with the shape that it should have', () => {
    refused(
      without(torchvision, 'features.5.conv.1.1.running_var'),
      'features.5.conv.1.1.running_var',
      'missing',
      '[48]',
    )
    refused(
      without(timm, 'blocks.3.2.conv_pwl.weight'),
      'blocks.3.2.conv_pwl.weight',
      'missing',
      '[16x96x1x1]',
    )
  })

  test('a tensor of another width is named with both shapes', () => {
    refused(
      { ...timm, 'conv_stem.weight': noise([32, 3, 3, 3]) },
      'conv_stem.weight',
      '[32x3x3x3]',
      '[8x3x3x3]',
    )
  })

  test('weights of something else lack our first tensor', () => {
    refused({ 'layer1.0.conv1.weight': noise([4, 4, 1, 1]) }, 'backbone/stem/weight', 'missing')
  })
})
