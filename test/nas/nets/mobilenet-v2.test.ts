import { describe, expect, test } from 'vitest'
import { cost } from '../../../nas/graph/cost.ts'
import type { Graph } from '../../../nas/graph/graph.ts'
import type { Network } from '../../../nas/nets/layers.ts'
import { type MobileNetV2, mobileNetV2, mobileNetV2Blocks } from '../../../nas/nets/mobilenet-v2.ts'
import { mobileNetV2Width } from '../../../nas/nets/mobilenet-v2-width.ts'
import { graphOf, noise, outputShape, run } from './networks.ts'

const features =
  (options: MobileNetV2): Network =>
  (context, image) =>
    mobileNetV2Blocks(context, image, options).at(-1)!

/** DeepLab's core/utils.py, scale_dimension(dim, 1 / stride). */
const scaled = (side: number, stride: number) => Math.trunc((side - 1) / stride + 1)

describe('features', () => {
  test.each([4, 8, 16, 32] as const)(
    'output stride %i shrinks every image size as DeepLab does',
    (outputStride) => {
      for (const [height, width] of [
        [513, 257],
        [769, 1025],
        [96, 64],
        [33, 50],
      ] as const) {
        const graph = graphOf(features({ width: 1, outputStride }), [1, 3, height, width], 'evaluation')
        expect(outputShape(graph)).toEqual([
          1,
          320,
          scaled(height, outputStride),
          scaled(width, outputStride),
        ])
      }
    },
  )

  test('the sizes that DeepLab tests: 513 to 33, 257 to 17, 769 to 49, 1025 x 2049 to 65 x 129', () => {
    const sizeOf = (height: number, width: number) =>
      outputShape(
        graphOf(features({ width: 1, outputStride: 16 }), [1, 3, height, width], 'evaluation'),
      ).slice(2)
    expect(sizeOf(513, 257)).toEqual([33, 17])
    expect(sizeOf(769, 769)).toEqual([49, 49])
    expect(sizeOf(1025, 2049)).toEqual([65, 129])
  })

  test('all output strides share their parameters', () => {
    const [first, ...others] = ([4, 8, 16, 32] as const).map((outputStride) => {
      const { parameters } = graphOf(features({ width: 0.5, outputStride }), [1, 3, 64, 64], 'training')
      return [...parameters.values()].map(({ parameter }) => parameter)
    })
    for (const other of others) expect(other).toEqual(first)
  })

  test('at output stride 8 the last blocks are dilated by 2, then by 4', () => {
    const graph = graphOf(features({ width: 1, outputStride: 8 }), [1, 3, 64, 64], 'evaluation')
    const dilations = graph.nodes
      .filter(({ op, scope }) => op.name === 'conv2d' && scope.endsWith('depthwise'))
      .map(({ attributes }) => (attributes as { dilation: readonly number[] }).dilation[0])
    // A block whose stride became a dilation keeps its own dilation; the blocks after it have the new one.
    expect(dilations).toEqual([...Array(7).fill(1), ...Array(7).fill(2), ...Array(3).fill(4)])
  })

  test.each([
    [0.25, 8, 8, 80],
    [0.35, 16, 8, 112],
    [0.5, 16, 8, 160],
    [0.75, 24, 16, 240],
    [1, 32, 16, 320],
    [1.4, 48, 24, 448],
  ])('width %f rounds channels as torchvision does', (width, stem, first, last) => {
    const { parameters, outputs } = graphOf(
      features({ width, outputStride: 32 }),
      [1, 3, 64, 64],
      'evaluation',
    )
    expect(parameters.get('backbone/stem/weight')!.parameter.shape[0]).toBe(stem)
    expect(parameters.get('backbone/block0/project/weight')!.parameter.shape[0]).toBe(first)
    expect(outputs.get('output')!.type.shape[1]).toBe(last)
  })

  test.each(['training', 'evaluation'] as const)('runs on an image of odd size in %s', async (mode) => {
    const shape = [2, 3, 33, 65]
    const graph = graphOf(features({ width: 0.25, outputStride: 8 }), shape, mode)
    const { output } = await run(graph, { input: noise(shape) })
    expect(output.shape).toEqual([2, 80, 5, 9])
    expect(output.data.every(Number.isFinite)).toBe(true)
    expect(new Set(output.data).size).toBeGreaterThan(100)
  })
})

test.each([
  [4, 8],
  [8, 16],
  [16, 32],
] as const)(
  'output stride %i, at every second position, is output stride %i: only the resolution differs',
  async (...strides) => {
    const shape = [1, 3, 129, 65]
    const input = noise(shape)
    const [fine, coarse] = await Promise.all(
      strides.map(async (outputStride) => {
        const graph = graphOf(features({ width: 0.25, outputStride }), shape, 'evaluation')
        return (await run(graph, { input })).output
      }),
    )
    const [, channels, height, width] = coarse!.shape as [number, number, number, number]
    expect(fine!.shape).toEqual([1, channels, 2 * height - 1, 2 * width - 1])
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          expect(fine!.data[(c * (2 * height - 1) + 2 * y) * (2 * width - 1) + 2 * x]).toBeCloseTo(
            coarse!.data[(c * height + y) * width + x]!,
            4,
          )
  },
)

test('the classifier shares its backbone with the features', () => {
  const shape = [2, 3, 64, 64]
  const classifier = graphOf(
    (context, image) => mobileNetV2(context, image, { width: 0.5, classes: 10 }),
    shape,
    'training',
  )
  const backbone = graphOf(features({ width: 0.5, outputStride: 16 }), shape, 'training')
  expect(outputShape(classifier)).toEqual([2, 10])
  expect([...classifier.parameters.keys()]).toEqual(expect.arrayContaining([...backbone.parameters.keys()]))
})

describe('for small images', () => {
  const classifierOf = (stride: 4 | 8 | 16 | 32, side: number, width = 0.5) =>
    graphOf(
      (context, image) => mobileNetV2(context, image, { width, classes: 10, stride }),
      [1, 3, side, side],
      'evaluation',
    )
  const sides = (graph: Graph) => [
    ...new Set(
      graph.nodes.filter(({ op }) => op.name === 'conv2d').map(({ outputs }) => outputs[0]!.type.shape[2]!),
    ),
  ]

  test('the first stages lose their strides', () => {
    expect(sides(classifierOf(32, 224))).toEqual([112, 56, 28, 14, 7])
    expect(sides(classifierOf(8, 32))).toEqual([16, 8, 4])
    expect(sides(classifierOf(4, 32))).toEqual([16, 8])
  })

  test('layers have the same shapes, so that weights of one fit another', () => {
    const parametersOf = (graph: Graph) => [...graph.parameters.values()].map(({ parameter }) => parameter)
    expect(parametersOf(classifierOf(8, 32))).toEqual(parametersOf(classifierOf(32, 32)))
  })

  test('the width is the one that comes closest to a number of multiply-adds', () => {
    const count = (width: number) => cost(classifierOf(8, 32, width)).multiplyAdds
    for (const wanted of [4e6, 20e6, 100e6]) {
      const width = mobileNetV2Width({ image: 32, classes: 10, stride: 8, multiplyAdds: wanted })
      const distance = Math.abs(count(width) - wanted)
      for (const other of [-0.04, -0.02, -0.01, 0.01, 0.02, 0.04])
        expect(distance).toBeLessThanOrEqual(Math.abs(count(width + other) - wanted))
    }
  })

  test('the published cost gives the published width', () => {
    expect(mobileNetV2Width({ image: 224, classes: 1000, stride: 32, multiplyAdds: 300_774_272 })).toBe(1)
  })
})
