import { expect, test } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { gradient } from '../../../nas/graph/gradient.ts'
import type { Value } from '../../../nas/graph/graph.ts'
import { add } from '../../../nas/graph/ops/add.ts'
import { argmax } from '../../../nas/graph/ops/argmax.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../nas/graph/ops/reshape.ts'
import { sqrt } from '../../../nas/graph/ops/sqrt.ts'
import { float32 } from '../../../nas/tensor.ts'
import { evaluate } from './check-op.ts'

const engine = await onnxRuntime({ threads: 1 })
const scalar = { dtype: 'float32', shape: [] } as const
const weight = { ...scalar, role: 'weight', initialiser: { kind: 'constant', value: 0 } } as const

test('contributions of all uses of a value add up', async () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', scalar)
  const loss = add(graph, mul(graph, x, mul(graph, x, x)), sqrt(graph, x))
  const dx = gradient(graph, loss, [x])[0]!
  const results = await evaluate(engine, graph.build({ dx }), { x: float32([], [2]) })
  expect(results.dx!.data[0]).toBeCloseTo(3 * 4 + 1 / (2 * Math.SQRT2), 4)
})

test('nodes before the values are not differentiated', () => {
  const graph = new GraphBuilder()
  const frozen = sqrt(graph, sqrt(graph, graph.input('features', scalar)))
  const head = graph.parameter('head', weight)
  const loss = mul(graph, frozen, head)
  const before = graph.nodes.length
  gradient(graph, loss, [head])
  expect(graph.nodes.slice(before).map(({ op }) => op.name)).toEqual(['mul'])
})

test('gradient nodes have the scope of the node that they differentiate, under `gradient`', () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', scalar)
  const loss = graph.within('cell', () => sqrt(graph, x))
  gradient(graph, loss, [x])
  expect(graph.nodes.at(-1)!.scope).toBe('gradient/cell')
})

test('a gradient can be differentiated in turn', async () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', scalar)
  const first = gradient(graph, mul(graph, x, mul(graph, x, x)), [x])
  const second = gradient(graph, first[0]!, [x])[0]!
  const results = await evaluate(engine, graph.build({ second }), { x: float32([], [5]) })
  expect(results.second!.data[0]).toBeCloseTo(30, 4)
})

const total = (graph: GraphBuilder, x: Value) => reshape(graph, reduceSum(graph, x, [0]), [])

test('impossible gradients are refused by name', () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [3] })
  const other = graph.parameter('other', weight)
  expect(() => gradient(graph, x, [x])).toThrow('gradient of a loss of shape [3]: it must be a scalar')
  expect(() => gradient(graph, total(graph, x), [other])).toThrow('the loss does not depend on other')
  const place = graph.within('head', () => argmax(graph, x, 0))
  expect(() => gradient(graph, place, [x])).toThrow('head: argmax has no gradient')
})
