import { expect, test } from 'vitest'
import { GraphBuilder } from '../../../../../nas/graph/builder.ts'
import { same } from '../../../../../nas/graph/convolution.ts'
import { toOnnx } from '../../../../../nas/graph/onnx/model.ts'
import { modelMessage } from '../../../../../nas/graph/onnx/schema.ts'
import { cpu } from '../../../../../nas/graph/onnx/targets/cpu/index.ts'
import { cuda } from '../../../../../nas/graph/onnx/targets/cuda/index.ts'
import { batchNorm } from '../../../../../nas/graph/ops/batch-norm.ts'
import { conv2d } from '../../../../../nas/graph/ops/conv2d.ts'
import { relu6 } from '../../../../../nas/graph/ops/relu6.ts'

interface Node {
  readonly opType: string
  readonly domain: string
}

/** The nodes of a model of an inverted residual, by type, in ONNX Runtime's own operator set. */
function nchwcNodes(options: Parameters<typeof toOnnx>[1] = { target: cpu(16) }): readonly string[] {
  const graph = new GraphBuilder()
  const parameter = (name: string, ...shape: number[]) =>
    graph.parameter(name, {
      dtype: 'float32',
      shape,
      role: 'weight',
      initialiser: { kind: 'constant', value: 1 },
    })
  const x = graph.input('x', { dtype: 'float32', shape: [2, 8, 4, 4] })
  const expanded = relu6(graph, conv2d(graph, x, parameter('expand', 20, 8, 1, 1), same([1, 1])))
  const filtered = conv2d(graph, expanded, parameter('depthwise', 20, 1, 3, 3), same([3, 3], { groups: 20 }))
  const { y } = batchNorm(graph, filtered, parameter('gamma', 20), parameter('beta', 20), { epsilon: 1e-3 })
  const projected = conv2d(graph, relu6(graph, y), parameter('project', 8, 20, 1, 1), same([1, 1]))
  const model = modelMessage.decode(toOnnx(graph.build({ y: projected }), options))
  const { node } = (modelMessage.toObject(model) as { graph: { node: readonly Node[] } }).graph
  return node.filter(({ domain }) => domain === 'com.microsoft.nchwc').map(({ opType }) => opType)
}

test('a wide map stays in NCHWc from the convolution that expands to the one that projects', () => {
  const nodes = nchwcNodes()
  // One for the map, one for the depthwise filter.
  expect(nodes.filter((type) => type === 'ReorderInput')).toHaveLength(2)
  expect(nodes.filter((type) => type === 'ReorderOutput')).toHaveLength(1)
})

test('activations are fused into the convolutions before them', () => {
  // Three convolutions, a product for the variance, and the normalisation.
  expect(nchwcNodes().filter((type) => type === 'Conv')).toHaveLength(5)
})

test('a model for CUDA, and an exported one, have none of it', () => {
  expect(nchwcNodes({ target: cuda })).toEqual([])
  expect(nchwcNodes({ exported: {} })).toEqual([])
})
