import { expect, test } from 'vitest'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { tensorFlow } from '../../../../nas/engines/tensorflow.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { gradient } from '../../../../nas/graph/gradient.ts'
import type { Value } from '../../../../nas/graph/graph.ts'
import { binaryCrossEntropy } from '../../../../nas/graph/ops/binary-cross-entropy.ts'
import { smoothL1 } from '../../../../nas/graph/ops/smooth-l1.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { tf } from '../../engines/tfjs.ts'
import { evaluate } from '../check-op.ts'

const engines = [await onnxRuntime({ threads: 1 }), await tensorFlow({ tf })]
type Loss = (graph: GraphBuilder, x: Value, target: Value, weight: Value) => Value

/** Loss and slopes of numbers, targets and weights. */
async function run(engine: (typeof engines)[number], loss: Loss, ...numbers: number[][]) {
  const [x, target, weight] = numbers.map((each) => float32([each.length], each))
  const graph = new GraphBuilder()
  const values = { x: graph.input('x', x!), target: graph.input('t', x!), weight: graph.input('w', x!) }
  const y = loss(graph, values.x, values.target, values.weight)
  const built = graph.build({ y, slopes: gradient(graph, y, [values.x])[0]! })
  const results = await evaluate(engine, built, { x: x!, t: target!, w: weight! })
  return { loss: results.y!.data[0]!, slopes: [...results.slopes!.data] }
}

test.each(engines)(
  '$name: smooth L1 is a parabola within beta of the target and a line beyond',
  async (engine) => {
    const loss: Loss = (...values) => smoothL1(...values, { beta: 0.5 })
    expect(await run(engine, loss, [1.25], [1], [1])).toEqual({ loss: 0.25 ** 2, slopes: [0.5] })
    expect(await run(engine, loss, [-2], [1], [2])).toEqual({ loss: 2 * (3 - 0.25), slopes: [-2] })
    expect(await run(engine, loss, [9, 1], [1, 1], [0, 1])).toEqual({ loss: 0, slopes: [0, 0] })
  },
)

test.each(engines)('$name: binary cross entropy is finite for logits of any size', async (engine) => {
  const { loss, slopes } = await run(engine, binaryCrossEntropy, [1000, -1000, 1], [0, 0, 1], [1, 1, 2])
  expect(loss).toBeCloseTo(1000 + 2 * Math.log(1 + Math.exp(-1)), 3)
  expect(slopes[0]).toBe(1)
  expect(slopes[1]).toBe(0)
  expect(slopes[2]).toBeCloseTo(-2 / (1 + Math.E), 6)
})
