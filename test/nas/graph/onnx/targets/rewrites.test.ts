import { describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../../../nas/graph/builder.ts'
import { same } from '../../../../../nas/graph/convolution.ts'
import { gradient } from '../../../../../nas/graph/gradient.ts'
import type { Value } from '../../../../../nas/graph/graph.ts'
import { cpuRewrites } from '../../../../../nas/graph/onnx/targets/cpu/rewrites.ts'
import { batchNorm } from '../../../../../nas/graph/ops/batch-norm.ts'
import { conv2d } from '../../../../../nas/graph/ops/conv2d.ts'
import { moments } from '../../../../../nas/graph/ops/moments.ts'
import { mul } from '../../../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../../../nas/graph/ops/reduce-sum.ts'
import { relu } from '../../../../../nas/graph/ops/relu.ts'
import { relu6 } from '../../../../../nas/graph/ops/relu6.ts'
import { reshape } from '../../../../../nas/graph/ops/reshape.ts'
import { AS_WRITTEN, type Rewrites } from '../../../../../nas/graph/rewrites.ts'
import { random } from '../../../../../nas/random.ts'
import { float32, sizeOf, type Tensors } from '../../../../../nas/tensor.ts'
import { difference } from '../../check-op.ts'

const engine = await onnxRuntime({ threads: 1 })

const shapes = {
  x: [2, 4, 6, 5],
  expand: [8, 4, 1, 1],
  depthwise: [8, 1, 3, 3],
  gamma: [8],
  beta: [8],
} as const
const inputs: Tensors = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => {
    const rng = random(5, name)
    const data = Array.from({ length: sizeOf(shape) }, () => rng.normal() + (name === 'gamma' ? 2 : 0))
    return [name, float32(shape, data)]
  }),
)

type Inputs = Readonly<Record<keyof typeof shapes, Value>>

const declared = (graph: GraphBuilder) =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [
      name,
      graph.parameter(name, { ...tensor, role: 'weight', initialiser: { kind: 'constant', value: 0 } }),
    ]),
  ) as Inputs

/** An expansion and a depthwise convolution, each normalised and activated. */
function network(graph: GraphBuilder, { x, expand, depthwise, gamma, beta }: Inputs) {
  const epsilon = 1e-3
  const expanded = batchNorm(graph, conv2d(graph, x, expand, same([1, 1])), gamma, beta, { epsilon })
  const wide = relu6(graph, expanded.y)
  const filtered = conv2d(graph, wide, depthwise, same([3, 3], { groups: 8 }))
  const normalised = batchNorm(graph, filtered, gamma, beta, { epsilon })
  return { between: expanded.y, mean: expanded.mean, y: relu(graph, normalised.y) }
}

/** The operations of the forward pass. */
function operations(rewrites: Rewrites, resultsOf: (values: ReturnType<typeof network>) => readonly Value[]) {
  const graph = new GraphBuilder()
  const values = network(graph, declared(graph))
  rewrites.apply({ graph, results: resultsOf(values) })
  return graph.nodes.map(({ op }) => op.name)
}

describe('on the CPU', () => {
  it('a layer that normalises is fused, which changes neither values nor gradients', async () => {
    const computed = async (rewrites: Rewrites) => {
      const graph = new GraphBuilder()
      const values = declared(graph)
      const { y, mean } = network(graph, values)
      const loss = reshape(graph, reduceSum(graph, mul(graph, y, y), [0, 1, 2, 3]), [])
      rewrites.apply({ graph, results: [loss, mean] })
      const gradients = gradient(graph, loss, Object.values(values))
      const named = Object.keys(values).map((name, i) => [`d${name}`, gradients[i]!])
      const program = await engine.compile(graph.build({ y, mean, ...Object.fromEntries(named) }))
      return program.run(engine.state(inputs), {})
    }
    expect(difference(await computed(cpuRewrites), await computed(AS_WRITTEN))).toBeLessThan(1e-4)
    const fused = operations(cpuRewrites, ({ y }) => [y])
    expect(fused.filter((name) => name === 'scaled-pointwise')).toHaveLength(1)
    expect(fused.slice(-2)).toEqual(['conv2d', 'batch-norm'])
  })

  it('what something else reads is computed as it is written', () => {
    const written = operations(AS_WRITTEN, ({ y }) => [y])
    const kept = operations(cpuRewrites, ({ y, between }) => [y, between])
    expect(kept).toEqual(written.slice(0, -1))
  })

  it('moments that are known are not computed again', () => {
    const graph = new GraphBuilder()
    const values = declared(graph)
    const known = moments(graph, values.x)
    const { y } = network(graph, values)
    cpuRewrites.apply({
      graph,
      results: [y],
      momentsOf: (value) => (value === values.x ? known : undefined),
    })
    expect(graph.nodes.filter(({ op }) => op.name === 'moments')).toHaveLength(1)
  })
})
