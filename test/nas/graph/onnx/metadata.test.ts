import { expect, test } from 'vitest'
import { runModel } from '../../../../nas/engines/onnxruntime/run-model.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { flawOfModel, withChecksum } from '../../../../nas/graph/onnx/checksum.ts'
import { metadataOf, withMetadata } from '../../../../nas/graph/onnx/metadata.ts'
import { toOnnx } from '../../../../nas/graph/onnx/model.ts'
import { relu } from '../../../../nas/graph/ops/relu.ts'
import { float32 } from '../../../../nas/tensor.ts'

const graph = new GraphBuilder()
const x = graph.input('x', { dtype: 'float32', shape: [2] })
const plain = toOnnx(graph.build({ y: relu(graph, x) }), { metadata: { seed: '7' } })

test.each([
  ['a model', withChecksum(plain)],
  ['a model without a checksum, as older versions wrote them', plain],
])('%s says what it said and what is added, and computes what it did', async (_, model) => {
  const told = withMetadata(model, { run: '"street"' })
  expect(metadataOf(told)).toEqual({ seed: '7', run: '"street"' })
  expect(flawOfModel(told)).toBeUndefined()
  expect(flawOfModel(told.with(told.length - 2, 0))).toBeDefined()
  const { y } = await runModel(told, { x: float32([2], [-1, 2]) })
  expect([...y!.data]).toEqual([0, 2])
})
