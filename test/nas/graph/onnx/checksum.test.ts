import { describe, expect, it } from 'vitest'
import { runModel } from '../../../../nas/engines/onnxruntime/run-model.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { flawOfModel, withChecksum } from '../../../../nas/graph/onnx/checksum.ts'
import { toOnnx } from '../../../../nas/graph/onnx/model.ts'
import { relu } from '../../../../nas/graph/ops/relu.ts'
import { float32 } from '../../../../nas/tensor.ts'

const graph = new GraphBuilder()
const x = graph.input('x', { dtype: 'float32', shape: [2] })
const plain = toOnnx(graph.build({ y: relu(graph, x) }), { metadata: { run: 'a' } })
const model = withChecksum(plain)

describe('the checksum of a model', () => {
  it('is metadata like any other: the model computes what it did', async () => {
    const { y } = await runModel(model, { x: float32([2], [-1, 2]) })
    expect(y!.data).toEqual(Float32Array.of(0, 2))
    // A program that looks at the first bytes of a file finds those of any ONNX model.
    expect([...model.subarray(0, 2)]).toEqual([...plain.subarray(0, 2)])
    expect(flawOfModel(model)).toBeUndefined()
  })

  it('finds every flipped bit, also those of its own name', () => {
    const unnoticed: number[] = []
    for (let bit = 0; bit < 8 * model.length; bit++) {
      const flipped = model.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      if (flawOfModel(flipped) === undefined) unnoticed.push(bit)
    }
    expect(unnoticed).toEqual([])
  })

  it('finds every cut, also of a model without one, as older versions wrote them', () => {
    expect(flawOfModel(plain)).toBeUndefined()
    // The metadata come last: without them a model is whole, and says less.
    const graphEnds = Buffer.from(plain).indexOf('run') - 4
    for (let length = 0; length < model.length; length++)
      expect(flawOfModel(model.subarray(0, length)), `${length}`).toBeDefined()
    for (let length = 0; length < graphEnds - 10; length++)
      expect(flawOfModel(plain.subarray(0, length)), `${length}`).toBeDefined()
  })
})
