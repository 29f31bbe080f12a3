import { expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { cut } from '../../../nas/graph/cut.ts'
import { gradient } from '../../../nas/graph/gradient.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../nas/graph/ops/reshape.ts'
import { sigmoid } from '../../../nas/graph/ops/sigmoid.ts'
import { sub } from '../../../nas/graph/ops/sub.ts'
import { float32 } from '../../../nas/tensor.ts'

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
