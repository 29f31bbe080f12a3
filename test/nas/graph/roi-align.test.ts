import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { tensorFlow } from '../../../nas/engines/tensorflow.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { pullBack } from '../../../nas/graph/gradient.ts'
import { roiAlign } from '../../../nas/graph/roi-align.ts'
import { float32 } from '../../../nas/tensor.ts'
import { tf } from '../engines/tfjs.ts'
import { difference, evaluate } from './check-op.ts'

const engines = [await onnxRuntime({ threads: 1 }), await tensorFlow({ tf })]
const pooling = { size: [3, 2], spatialScale: 1 / 8, samplingRatio: 2 } as const

/** The inputs of the fixture. */
const x = float32(
  [2, 2, 5, 7],
  Float32Array.from({ length: 140 }, (_, i) => Math.sin(0.37 * i)),
)
const dy = float32(
  [10, 2, 3, 2],
  Float32Array.from({ length: 120 }, (_, i) => Math.cos(0.71 * i)),
)
/** Of images of 40 x 56 pixels: inside, across each border, far outside, without area, whole images. */
const regions = float32(
  [2, 5, 4],
  [
    ...[3.3, 5.1, 30.7, 22.9, -20, -14.5, 18.25, 9, 40, 30, 90, 75, 12, 12, 12, 12, 0, 0, 56, 40],
    ...[50.2, 3, 55.9, 39.9, -60, -50, -30, -20, 7, 9, 8, 33.3, 55, 39, 56, 40, 10.5, -3, 47.5, 44],
  ],
)

test.each(engines)('$name: regions and gradients are those of torchvision', async (engine) => {
  const graph = new GraphBuilder()
  const input = graph.input('x', x)
  const y = roiAlign(graph, input, graph.input('regions', regions), pooling)
  const dx = pullBack(graph, y, graph.input('dy', dy), [input])[0]!
  const found = await evaluate(engine, graph.build({ y, dx }), { x, regions, dy })
  const fixture = JSON.parse(readFileSync(new URL('fixtures/roi-align.json', import.meta.url), 'utf8'))
  const expected = { y: float32(dy.shape, fixture.y), dx: float32(x.shape, fixture.dx) }
  expect(difference(found, expected)).toBeLessThan(1e-5)
})

test('a shape that is no list of boxes by image is refused', () => {
  const graph = new GraphBuilder()
  const rows = graph.input('regions', { dtype: 'float32', shape: [10, 5] })
  expect(() => roiAlign(graph, graph.input('x', x), rows, pooling)).toThrow(
    'roi-weights of [10x5]: needs regions [N,P,4]',
  )
})
