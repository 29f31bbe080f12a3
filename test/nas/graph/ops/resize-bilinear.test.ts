import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { gradient } from '../../../../nas/graph/gradient.ts'
import { mul } from '../../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../../nas/graph/ops/reshape.ts'
import { resizeBilinear } from '../../../../nas/graph/ops/resize-bilinear.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { dot, evaluate } from '../check-op.ts'

const engine = await onnxRuntime({ threads: 1 })
const length = fc.integer({ min: 1, max: 12 })
const wave = (shape: number[], frequency: number) =>
  float32(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(frequency * (i + 1))),
  )

/** Reads a map between its samples, which outside are those at the border. */
function sample(map: Float32Array, [height, width]: readonly [number, number], row: number, column: number) {
  const inside = (position: number, size: number) => Math.min(Math.max(position, 0), size - 1)
  const [r, c] = [inside(row, height), inside(column, width)]
  const at = (i: number, j: number) => map[Math.min(i, height - 1) * width + Math.min(j, width - 1)]!
  const [top, left] = [Math.floor(r), Math.floor(c)]
  const upper = at(top, left) * (1 - (c - left)) + at(top, left + 1) * (c - left)
  const lower = at(top + 1, left) * (1 - (c - left)) + at(top + 1, left + 1) * (c - left)
  return upper * (1 - (r - top)) + lower * (r - top)
}

test('it reads the map at the place that each output position has on it, up and down', async () => {
  await fc.assert(
    fc.asyncProperty(length, length, length, length, fc.boolean(), async (h, w, toH, toW, alignCorners) => {
      const x = wave([1, 1, h, w], 7)
      const graph = new GraphBuilder()
      const y = resizeBilinear(graph, graph.input('x', x), [toH, toW], { alignCorners })
      const { data } = (await evaluate(engine, graph.build({ y }), { x })).y!
      const place = (i: number, from: number, to: number) => {
        if (!alignCorners) return ((i + 0.5) * from) / to - 0.5
        return to === 1 ? 0 : (i * (from - 1)) / (to - 1)
      }
      for (let i = 0; i < toH; i++)
        for (let j = 0; j < toW; j++)
          expect(data[i * toW + j]).toBeCloseTo(
            sample(x.data as Float32Array, [h, w], place(i, h, toH), place(j, w, toW)),
            4,
          )
    }),
    { numRuns: 60 },
  )
})

test('its gradient is its adjoint: <resize(x), z> = <x, gradient(z)>, on maps that are not square too', async () => {
  await fc.assert(
    fc.asyncProperty(length, length, length, length, fc.boolean(), async (h, w, toH, toW, alignCorners) => {
      const [x, z] = [wave([1, 2, h, w], 7), wave([1, 2, toH, toW], 3)]
      const graph = new GraphBuilder()
      const input = graph.input('x', x)
      const y = resizeBilinear(graph, input, [toH, toW], { alignCorners })
      const product = reduceSum(graph, mul(graph, y, graph.input('z', z)), [0, 1, 2, 3])
      const adjoint = gradient(graph, reshape(graph, product, []), [input])[0]!
      const results = await evaluate(engine, graph.build({ y, adjoint }), { x, z })
      expect(dot(results.adjoint!, x)).toBeCloseTo(dot(results.y!, z), 3)
    }),
    { numRuns: 40 },
  )
})
