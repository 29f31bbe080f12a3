import { expect, test } from 'vitest'
import { runModel } from '../../../../nas/engines/onnxruntime/run-model.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { toOnnx } from '../../../../nas/graph/onnx/model.ts'
import { modelMessage } from '../../../../nas/graph/onnx/schema.ts'
import { add } from '../../../../nas/graph/ops/add.ts'
import { mul } from '../../../../nas/graph/ops/mul.ts'
import { float32 } from '../../../../nas/tensor.ts'

const vector = { dtype: 'float32', shape: [2] } as const
const weight = { ...vector, role: 'weight', initialiser: { kind: 'constant', value: 0 } } as const

function scaled() {
  const graph = new GraphBuilder()
  const x = graph.input('x', vector)
  const scale = graph.within('head', () => graph.parameter('scale', weight))
  const y = graph.within('head', () => mul(graph, x, scale))
  graph.update('head/scale', add(graph, scale, graph.scalar(1)))
  return graph.build({ y })
}

test('parameters are inputs of the model, updates are outputs after them', async () => {
  const model = toOnnx(scaled())
  const results = await runModel(model, { x: float32([2], [1, 2]), 'head/scale': float32([2], [3, 4]) })
  expect([...results.y!.data]).toEqual([3, 8])
  expect([...results['head/scale:next']!.data]).toEqual([4, 5])
})

test('baked-in parameters leave a model of data alone', async () => {
  const model = toOnnx(scaled(), { parameters: { 'head/scale': float32([2], [3, 4]) } })
  expect([...(await runModel(model, { x: float32([2], [1, 2]) })).y!.data]).toEqual([3, 8])
})

test('a baked-in parameter of another size is an error by name', () => {
  expect(() => toOnnx(scaled(), { parameters: { 'head/scale': float32([3], [1, 2, 3]) } })).toThrow(
    'parameter head/scale has 3 numbers, the network needs 2',
  )
})

test('people who open the model find metadata and scopes', () => {
  const model = modelMessage.toObject(modelMessage.decode(toOnnx(scaled(), { metadata: { genotype: '{}' } })))
  expect(model.metadataProps).toEqual([{ key: 'genotype', value: '{}' }])
  expect(model.graph.node[0].name).toMatch(/^head\/Mul/)
})

test('one value may be several outputs, or come straight from an input', async () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', vector)
  const y = add(graph, x, x)
  const results = await runModel(toOnnx(graph.build({ y, again: y, same: x })), {
    x: float32([2], [1, 2]),
  })
  expect(Object.values(results).map(({ data }) => [...data])).toEqual([
    [2, 4],
    [2, 4],
    [1, 2],
  ])
})
