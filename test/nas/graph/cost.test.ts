import { expect, test } from 'vitest'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { same } from '../../../nas/graph/convolution.ts'
import { cost } from '../../../nas/graph/cost.ts'
import type { Value } from '../../../nas/graph/graph.ts'
import { add } from '../../../nas/graph/ops/add.ts'
import { conv2d } from '../../../nas/graph/ops/conv2d.ts'
import { gridPool } from '../../../nas/graph/ops/grid-pool.ts'
import { matmul } from '../../../nas/graph/ops/matmul.ts'
import { resizeBilinear } from '../../../nas/graph/ops/resize-bilinear.ts'

const zeros = { kind: 'constant', value: 0 } as const

/** A depthwise and a pointwise convolution with a bias, as a scope each. */
function separable(graph: GraphBuilder, x: Value): Value {
  const parameter = (name: string, role: 'weight' | 'norm' | 'stat', ...shape: number[]) =>
    graph.parameter(name, { dtype: 'float32', shape, role, initialiser: zeros })
  const inner = graph.within('depthwise', () =>
    conv2d(graph, x, parameter('filter', 'weight', 8, 1, 3, 3), same([3, 3], { groups: 8, stride: 2 })),
  )
  return graph.within('pointwise', () => {
    const y = conv2d(graph, inner, parameter('filter', 'weight', 16, 8, 1, 1), same([1, 1]))
    return add(graph, add(graph, y, parameter('bias', 'norm', 16, 1, 1)), parameter('mean', 'stat', 1))
  })
}

test('the cost of a depthwise separable convolution is that of its formula', () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [1, 8, 9, 13] })
  const network = graph.build({ y: graph.within('branch', () => separable(graph, x)) })
  const positions = 5 * 7
  expect(cost(network)).toMatchObject({
    parameters: 8 * 9 + 8 * 16 + 16,
    convolutionWeights: 8 * 9 + 8 * 16,
    multiplyAdds: positions * (8 * 9 + 8 * 16),
  })
})

test('a scope is counted alone, and not one whose name only begins alike', () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [1, 8, 9, 13] })
  const first = graph.within('branch1', () => separable(graph, x))
  const other = graph.within('branch10', () => separable(graph, x))
  const network = graph.build({ first, other })
  expect(cost(network, 'branch1/depthwise')).toMatchObject({ parameters: 72, multiplyAdds: 35 * 72 })
  expect(cost(network, 'branch1').parameters).toBe(cost(network).parameters / 2)
})

test('a matrix product counts its inner length, pooling and resizing count nothing', () => {
  const graph = new GraphBuilder()
  const a = graph.input('a', { dtype: 'float32', shape: [2, 3, 4, 5] })
  const b = graph.input('b', { dtype: 'float32', shape: [5, 6] })
  expect(cost(graph.build({ y: matmul(graph, a, b) })).multiplyAdds).toBe(2 * 3 * 4 * 6 * 5)
  const pooled = resizeBilinear(graph, gridPool(graph, a, [2, 2]), [9, 9], { alignCorners: true })
  expect(cost(graph.build({ pooled })).multiplyAdds).toBe(0)
})

test('memory traffic is four bytes for every number that a node reads or writes', () => {
  const graph = new GraphBuilder()
  const a = graph.input('a', { dtype: 'float32', shape: [2, 3] })
  const b = graph.input('b', { dtype: 'float32', shape: [3] })
  expect(cost(graph.build({ y: add(graph, a, b) })).memoryTraffic).toBe(4 * (6 + 3 + 6))
})
