import { expect, test } from 'vitest'
import { onnxRuntime } from '../../../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../../../nas/graph/builder.ts'
import type { Graph, Value } from '../../../../../nas/graph/graph.ts'
import { toOnnx } from '../../../../../nas/graph/onnx/model.ts'
import { modelMessage } from '../../../../../nas/graph/onnx/schema.ts'
import { cpu } from '../../../../../nas/graph/onnx/targets/cpu/index.ts'
import { shortLived } from '../../../../../nas/graph/onnx/targets/cpu/short-lived.ts'
import type { Target } from '../../../../../nas/graph/onnx/targets/target.ts'
import { resizeBilinear } from '../../../../../nas/graph/ops/resize-bilinear.ts'
import { mbConv } from '../../../../../nas/nets/mbconv.ts'
import { random } from '../../../../../nas/random.ts'
import { float32, type Tensor, type Tensors } from '../../../../../nas/tensor.ts'
import { initialise } from '../../../../../nas/training/initialise.ts'

const engine = await onnxRuntime({ threads: 1 })

/** Two blocks of the same widths, whose layers have as many channels; the result, and statistics of every layer. */
function blocks(): Graph {
  const graph = new GraphBuilder()
  const statistics: Record<string, Value> = {}
  const context = {
    graph,
    mode: 'training',
    batchNorm: { decay: 0, epsilon: 1e-5 },
    onStatistics(scope: string, { mean, variance }: { mean: Value; variance: Value }) {
      statistics[`${scope}/mean`] = mean
      statistics[`${scope}/variance`] = variance
    },
  } as const
  let x = graph.input('x', { dtype: 'float32', shape: [2, 8, 6, 5] })
  for (const scope of ['first', 'second'])
    x = graph.within(scope, () => mbConv(context, x, { kernel: 3, expansion: 3, channels: 8, stride: 1 }))
  return graph.build({ y: resizeBilinear(graph, x, [11, 9], { alignCorners: true }), ...statistics })
}

const graph = blocks()
const weights = initialise(graph.parameters, 1)
const images = [0, 1].map((seed) => {
  const rng = random(seed, 'x')
  return float32(
    [2, 8, 6, 5],
    Array.from({ length: 2 * 8 * 6 * 5 }, () => 1 + rng.normal()),
  )
})

async function runs(shortLived: boolean, inputs: readonly Tensor[]): Promise<readonly Tensors[]> {
  const program = await engine.compile(graph, { shortLived })
  const state = engine.state(weights)
  const results: Tensors[] = []
  for (const x of inputs) results.push(await program.run(state, { x }))
  return results
}

test('a program that runs a few times has the values of one that is trained, to rounding', async () => {
  const [found, expected] = [await runs(true, images), await runs(false, images)]
  for (const [i, values] of expected.entries())
    for (const [name, { shape, data }] of Object.entries(values)) {
      expect(found[i]![name]!.shape, name).toEqual(shape)
      data.forEach((x, j) => {
        expect(Math.abs(found[i]![name]!.data[j]! - x), name).toBeLessThan(2e-5 * (1 + Math.abs(x)))
      })
    }
})

test('its runs are independent of each other', async () => {
  const [first, second, again] = await runs(true, [images[0]!, images[1]!, images[0]!])
  expect(again).toEqual(first)
  expect(second!['first/project/mean']).not.toEqual(first!['first/project/mean'])
})

const nodesFor = (target: Target) => {
  const model = modelMessage.decode(toOnnx(graph, { target }))
  return (modelMessage.toObject(model) as { graph: { node: readonly Node[] } }).graph.node
}

interface Node {
  readonly opType: string
  readonly input: readonly string[]
}

test('no layer reads the running statistics that another writes over', () => {
  const nodes = nodesFor(shortLived(16))
  const running = nodes
    .filter(({ opType }) => opType === 'BatchNormalization')
    .flatMap(({ input }) => input.slice(3))
  expect(running).toHaveLength(2 * 6)
  const reads = nodes.flatMap(({ input }) => input)
  for (const name of running)
    expect(
      reads.filter((each) => each === name),
      name,
    ).toHaveLength(1)
})

test('it has less than half of the nodes', () => {
  for (const block of [0, 16])
    expect(nodesFor(shortLived(block)).length).toBeLessThan(nodesFor(cpu(block)).length / 2)
})

test('timers have their turn between its runs', async () => {
  const program = await engine.compile(graph, { shortLived: true })
  const state = engine.state(weights)
  let fired = false
  setTimeout(() => {
    fired = true
  })
  const deadline = Date.now() + 5000
  while (!fired && Date.now() < deadline) await program.run(state, { x: images[0]! })
  expect(fired).toBe(true)
})
