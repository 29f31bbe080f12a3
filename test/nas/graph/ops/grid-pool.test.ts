import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { gridPool } from '../../../../nas/graph/ops/grid-pool.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { evaluate } from '../check-op.ts'

const engine = await onnxRuntime({ threads: 1 })
const length = fc.integer({ min: 1, max: 9 })

test('a cell is the mean of the positions that it covers, for any map and any grid', async () => {
  await fc.assert(
    fc.asyncProperty(length, length, length, length, async (height, width, rows, columns) => {
      const x = float32(
        [1, 2, height, width],
        Array.from({ length: 2 * height * width }, (_, i) => Math.sin(7 * i)),
      )
      const graph = new GraphBuilder()
      const y = gridPool(graph, graph.input('x', x), [rows, columns])
      const { data } = (await evaluate(engine, graph.build({ y }), { x })).y!
      const covered = (cell: number, cells: number, along: number) => {
        const start = Math.floor((cell * along) / cells)
        return Array.from({ length: Math.ceil(((cell + 1) * along) / cells) - start }, (_, i) => start + i)
      }
      for (let c = 0; c < 2; c++)
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < columns; j++) {
            const numbers = covered(i, rows, height).flatMap((row) =>
              covered(j, columns, width).map((column) => x.data[(c * height + row) * width + column]!),
            )
            const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
            expect(data[(c * rows + i) * columns + j]).toBeCloseTo(mean, 5)
          }
    }),
    { numRuns: 60 },
  )
})
