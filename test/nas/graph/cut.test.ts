import { describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { ancestorsOf, cut } from '../../../nas/graph/cut.ts'
import { gradient } from '../../../nas/graph/gradient.ts'
import type { Value } from '../../../nas/graph/graph.ts'
import { add } from '../../../nas/graph/ops/add.ts'
import { matmul } from '../../../nas/graph/ops/matmul.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../nas/graph/ops/reshape.ts'
import { sigmoid } from '../../../nas/graph/ops/sigmoid.ts'
import { sub } from '../../../nas/graph/ops/sub.ts'
import { random } from '../../../nas/random.ts'
import { float32, sizeOf, type Tensor } from '../../../nas/tensor.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { trainingStep } from '../../../nas/training/step.ts'

const engine = await onnxRuntime({ threads: 1 })

/** A step of gradient descent on w, and which of its nodes are forward. */
function step() {
  const graph = new GraphBuilder()
  const initialiser = { kind: 'constant', value: 1 } as const
  const w = graph.parameter('w', { dtype: 'float32', shape: [3], role: 'weight', initialiser })
  const y = sigmoid(graph, mul(graph, w, graph.input('x', { dtype: 'float32', shape: [3] })))
  const loss = reshape(graph, reduceSum(graph, mul(graph, y, y), [0]), [])
  const forward = new Set(graph.nodes)
  const rate = graph.input('rate', { dtype: 'float32', shape: [] })
  graph.update('w', sub(graph, w, mul(graph, gradient(graph, loss, [w])[0]!, rate)))
  return { graph: graph.build({ loss }), forward }
}

const x = float32([3], [0.5, -1, 2])
const rate = float32([], [0.1])
const start = { w: float32([3], [1, 2, 3]) }

it('makes two graphs of one that do together what it does', async () => {
  const { graph, forward } = step()
  const whole = engine.state(start)
  const { loss } = await (await engine.compile(graph)).run(whole, { x, rate })

  const { first, second, savedActivations } = cut(graph, 'part', (node) => forward.has(node))
  const state = engine.state(start)
  expect((await (await engine.compile(first)).run(state, { x })).loss).toEqual(loss)
  expect(await state.read()).toMatchObject(start)
  expect(Object.keys(await state.read()).sort()).toEqual([...savedActivations, 'w'].sort())
  expect(await (await engine.compile(second)).run(state, { x, rate })).toEqual({})
  state.drop(savedActivations)
  expect(await state.read()).toEqual(await whole.read())
})

it('asks of each half for what it reads, and no more', () => {
  const { graph, forward } = step()
  const { first, second } = cut(graph, 'part', (node) => forward.has(node))
  expect([...first.inputs.keys()]).toEqual(['x'])
  expect([...second.inputs.keys()]).toEqual(['x', 'rate'])
  expect([...first.updates.keys()].every((name) => name.startsWith('part:'))).toBe(true)
  expect([...second.updates.keys()]).toEqual(['w'])
})

it('refuses a first half that reads the second', () => {
  const { graph, forward } = step()
  expect(() => cut(graph, 'part', (node) => !forward.has(node))).toThrow(/first half of a cut/)
})

it('keeps a parameter as it is until the second half has read it', async () => {
  const graph = new GraphBuilder()
  const initialiser = { kind: 'constant', value: 1 } as const
  const count = graph.parameter('count', { dtype: 'float32', shape: [], role: 'stat', initialiser })
  const next = mul(graph, count, graph.scalar(2))
  const forward = new Set(graph.nodes)
  graph.update('count', next)
  const y = mul(graph, count, graph.scalar(10))
  const { first, second } = cut(graph.build({ y }), 'part', (node) => forward.has(node))
  const state = engine.state({ count: float32([], [3]) })
  await (await engine.compile(first)).run(state, {})
  const outputs = await (await engine.compile(second)).run(state, {})
  expect([...outputs.y!.data]).toEqual([30])
  expect([...(await state.read()).count!.data]).toEqual([6])
})

/**
 * A detector in small: the first stage scores rows of features, the host chooses some, the second stage regresses those. One
 * loss trains both stages, through the rows and through the scores.
 */
describe('a host that decides between the halves', () => {
  const [rows, width, chosen] = [6, 3, 2]
  const parameter = (graph: GraphBuilder, name: string, shape: readonly number[]) =>
    graph.parameter(name, {
      dtype: 'float32',
      shape,
      role: 'weight',
      initialiser: { kind: 'he-normal', fanOut: 2 },
    })
  const total = (graph: GraphBuilder, x: Value) =>
    reshape(graph, reduceSum(graph, mul(graph, x, x), [0, 1]), [])
  const graph = trainingStep(
    (graph) => {
      const x = graph.input('x', { dtype: 'float32', shape: [rows, 4] })
      const features = sigmoid(graph, matmul(graph, x, parameter(graph, 'backbone', [4, width])))
      const scores = matmul(graph, features, parameter(graph, 'score', [width, 1]))
      const choice = graph.input('choice', { dtype: 'float32', shape: [chosen, rows] })
      const proposals = matmul(graph, choice, features)
      const error = sub(
        graph,
        matmul(graph, proposals, parameter(graph, 'box', [width, 2])),
        graph.input('boxes', { dtype: 'float32', shape: [chosen, 2] }),
      )
      const scored = sub(graph, matmul(graph, choice, scores), graph.scalar(1))
      return { loss: add(graph, total(graph, error), total(graph, scored)), metrics: { scores } }
    },
    sgd({ momentum: 0.9, weightDecay: 0 }),
  )
  const rng = random(4)
  const normal = (shape: readonly number[]) =>
    float32(
      shape,
      Array.from({ length: sizeOf(shape) }, () => rng.normal()),
    )
  const images = { x: normal([rows, 4]) }
  const targets = { boxes: normal([chosen, 2]), learningRate: float32([], [0.1]) }
  /** One-hot rows: the highest scores. */
  function chooses({ data }: Tensor): Tensor {
    const best = [...data.keys()].sort((a, b) => data[b]! - data[a]!).slice(0, chosen)
    return float32(
      [chosen, rows],
      best.flatMap((row) => Array.from({ length: rows }, (_, i) => (i === row ? 1 : 0))),
    )
  }

  it('takes outputs of the first half and gives inputs of the second, as if it were one graph', async () => {
    const { first, second, savedActivations } = cut(graph, 'detector', ancestorsOf(graph, ['scores']))
    expect([...first.inputs.keys()]).toEqual(['x'])
    expect([...first.outputs.keys()]).toEqual(['scores'])
    expect([...second.inputs.keys()].sort()).toEqual(['boxes', 'choice', 'learningRate', 'x'])

    const start = initialise(graph.parameters, 2)
    const state = engine.state(start)
    const { scores } = await (await engine.compile(first)).run(state, images)
    const choice = chooses(scores!)
    const { loss } = await (await engine.compile(second)).run(state, { ...images, ...targets, choice })
    state.drop(savedActivations)

    const whole = engine.state(start)
    const expected = await (await engine.compile(graph)).run(whole, { ...images, ...targets, choice })
    expect(scores).toEqual(expected.scores)
    expect(loss!.data[0]).toBeCloseTo(expected.loss!.data[0]!, 5)
    const [found, wanted] = [await state.read(), await whole.read()]
    expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort())
    for (const [name, { data }] of Object.entries(wanted)) {
      expect([...found[name]!.data]).toEqual([...data].map((value) => expect.closeTo(value, 5)))
      expect([...data]).not.toEqual([...start[name]!.data])
    }
  })
})
