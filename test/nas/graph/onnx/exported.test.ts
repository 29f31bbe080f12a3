import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runModel } from '../../../../nas/engines/onnxruntime/run-model.ts'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { toOnnx } from '../../../../nas/graph/onnx/model.ts'
import { modelMessage } from '../../../../nas/graph/onnx/schema.ts'
import { argmax } from '../../../../nas/graph/ops/argmax.ts'
import { random } from '../../../../nas/random.ts'
import { networkFor } from '../../../../nas/spaces/dpc/network.ts'
import { dpcSpace } from '../../../../nas/spaces/dpc/space.ts'
import { segmentationGraph } from '../../../../nas/training/segmentation.ts'
import { difference } from '../check-op.ts'
import { noise, segmenter, weightsOf } from './segmenter.ts'

const engine = await onnxRuntime({ threads: 1 })
const AXES = {
  image: ['batch', null, 'height', 'width'],
  logits: ['batch', null, 'height', 'width'],
} as const

interface Attribute {
  readonly name: string
  readonly i?: unknown
  readonly f?: unknown
  readonly type: number
}
interface Decoded {
  readonly irVersion: number
  readonly opsetImport: readonly { readonly version: number }[]
  readonly graph: {
    readonly node: readonly {
      readonly domain?: string
      readonly opType: string
      readonly attribute: readonly Attribute[]
    }[]
  }
}
const decode = (model: Uint8Array): Decoded =>
  modelMessage.toObject(modelMessage.decode(model), { longs: Number, arrays: true }) as Decoded

test.each([
  ['grid', 'mobilenet-v2', false],
  ['sliding', 'mobilenet-v2', false],
  ['grid', 'resnet-18', false],
  ['grid', 'mobilenet-v2', true],
] as const)(
  'one model of a segmenter takes any batch, height and width: %s pooling, %s, decoder %s',
  async (pyramidPooling, network, decoder) => {
    const graph = segmenter(pyramidPooling, 1, [65, 97], network, decoder)
    const weights = weightsOf(graph)
    const model = toOnnx(graph, { parameters: weights, exported: AXES })
    for (const [samples, ...size] of [
      [1, 65, 97],
      [3, 33, 49],
      [2, 129, 65],
      [1, 50, 70],
    ] as const) {
      const image = noise([samples, 3, ...size], 1)
      const program = await engine.compile(segmenter(pyramidPooling, samples, size, network, decoder))
      const state = engine.state(weights)
      const { logits, predictions } = await program.run(state, { image })
      const found = await runModel(model, { image })
      expect(found.logits!.shape).toEqual([samples, 3, ...size])
      const scale = Math.max(...logits!.data.map(Math.abs))
      expect(difference({ logits: found.logits! }, { logits: logits! })).toBeLessThan(
        1e-5 * Math.max(1, scale),
      )
      const equal = predictions!.data.filter((label, i) => label === found.predictions!.data[i]).length
      expect(equal / predictions!.data.length).toBeGreaterThan(0.999)
      state.dispose()
      await program.dispose()
    }
  },
)

test('every attribute of an exported model is written, whatever its value, and every convolution has its kernel shape', () => {
  const graph = segmenter('grid', 1, [65, 97])
  const {
    irVersion,
    opsetImport,
    graph: { node },
  } = decode(toOnnx(graph, { parameters: weightsOf(graph), exported: AXES }))
  expect([irVersion, opsetImport]).toEqual([7, [{ domain: '', version: 13 }]])
  for (const { attribute } of node)
    for (const { type, ...rest } of attribute)
      expect(
        Object.entries(rest).filter(([, value]) => !Array.isArray(value) || value.length > 0),
      ).toHaveLength(2)
  for (const { attribute } of node.filter(({ opType }) => opType === 'Conv'))
    expect(attribute.map(({ name }) => name)).toContain('kernel_shape')
})

test('an integer of 0 is in the bytes', () => {
  const builder = new GraphBuilder()
  const x = builder.input('x', { dtype: 'float32', shape: [2, 3] })
  const { graph } = decode(toOnnx(builder.build({ y: argmax(builder, x, 1) }), { exported: {} }))
  const { attribute } = graph.node.find(({ opType }) => opType === 'ArgMax')!
  expect(attribute.find(({ name }) => name === 'keepdims')).toMatchObject({ i: 0 })
})

/** What any framework has: convolutions, normalisations, activations, pooling by means as products, resizing. */
const PORTABLE = [
  ...['Conv', 'BatchNormalization', 'Relu', 'Clip', 'Add', 'Concat', 'Resize', 'ArgMax', 'Cast'],
  ...['MaxPool', 'AveragePool', 'MatMul', 'Transpose'],
]

test('whatever cell is exported for images of one size, its nodes are those of any framework', () => {
  const backbones = ['mobilenet-v2', 'resnet-18'] as const
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...backbones), fc.boolean(), (seed, network, decoder) => {
      const shape = [1, 3, 65, 65] as const
      const segmenting = networkFor(dpcSpace().sample(random(seed, 'cell')), {
        input: 'image',
        backbone: { network, width: 0.25, outputStride: 16 },
        cell: { filters: 8, pyramidPooling: seed % 2 ? 'grid' : 'sliding' },
        classes: 3,
        decoder,
        size: [65, 65],
      })
      const graph = segmentationGraph({
        network: segmenting,
        input: { name: 'image', shape },
      })
      const { node } = decode(toOnnx(graph, { parameters: weightsOf(graph), exported: {} })).graph
      const others = node.filter(({ domain, opType }) => domain || !PORTABLE.includes(opType))
      expect(others.map(({ opType }) => opType)).toEqual([])
    }),
    { numRuns: 8 },
  )
})
