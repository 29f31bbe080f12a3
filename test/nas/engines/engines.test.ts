import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../nas/engines/engine.ts'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { tensorFlow } from '../../../nas/engines/tensorflow.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { same } from '../../../nas/graph/convolution.ts'
import { gradient } from '../../../nas/graph/gradient.ts'
import type { Value } from '../../../nas/graph/graph.ts'
import { batchNorm } from '../../../nas/graph/ops/batch-norm.ts'
import { conv2d } from '../../../nas/graph/ops/conv2d.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { relu } from '../../../nas/graph/ops/relu.ts'
import { softmaxCrossEntropy } from '../../../nas/graph/ops/softmax-cross-entropy.ts'
import { sub } from '../../../nas/graph/ops/sub.ts'
import { random } from '../../../nas/random.ts'
import { float32, int32, sizeOf, type Tensors } from '../../../nas/tensor.ts'
import { tf } from './tfjs.ts'

const onnxruntime = await onnxRuntime({ threads: 1 })
const tensorflow = await tensorFlow({ tf })

const rate = { role: 'weight', initialiser: { kind: 'constant', value: 0 } } as const
const shapes = { 'stem/filter': [4, 2, 3, 3], gamma: [4], beta: [4], 'head/filter': [3, 4, 1, 1] }

/** A step of gradient descent on a small network; it also tells the weights that it started from. */
function trainingStep() {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [2, 2, 5, 7] })
  const labels = graph.input('labels', { dtype: 'int32', shape: [2, 5, 7] })
  const weights = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      graph.parameter(name, { dtype: 'float32', shape, ...rate }),
    ]),
  )
  const stem = conv2d(graph, x, weights['stem/filter']!, same([3, 3]))
  const { y } = batchNorm(graph, stem, weights.gamma!, weights.beta!, { epsilon: 1e-3 })
  const logits = conv2d(graph, relu(graph, y), weights['head/filter']!, same([1, 1]))
  const loss = softmaxCrossEntropy(graph, logits, labels, { ignoreLabel: 255 })
  gradient(graph, loss, Object.values(weights)).forEach((slope, i) => {
    const [name, weight] = Object.entries(weights)[i]!
    graph.update(name, sub(graph, weight, mul(graph, slope, graph.scalar(0.5))))
  })
  return graph.build({ loss, again: loss, before: weights.beta! })
}

const drawn = (name: string, shape: readonly number[]) => {
  const rng = random(5, name)
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  )
}
const start = (): Tensors =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, drawn(name, shape)]))
const batch: Tensors = {
  x: drawn('x', [2, 2, 5, 7]),
  labels: int32(
    [2, 5, 7],
    Array.from({ length: 70 }, (_, i) => (i % 11 === 0 ? 255 : i % 3)),
  ),
}

async function train(engine: Engine, steps: number) {
  const program = await engine.compile(trainingStep())
  const state = engine.state(start())
  const losses: number[] = []
  for (let i = 0; i < steps; i++) losses.push((await program.run(state, batch)).loss!.data[0]!)
  const weights = await state.read()
  state.dispose()
  await program.dispose()
  return { losses, weights }
}

describe.each([onnxruntime, tensorflow])('$name', (engine) => {
  test('keeps the updated state between runs: a loss goes down', async () => {
    const { losses } = await train(engine, 5)
    for (let i = 1; i < 5; i++) expect(losses[i]!).toBeLessThan(losses[i - 1]!)
  })

  test('is deterministic to the bit', async () => {
    expect(await train(engine, 3)).toEqual(await train(engine, 3))
  })

  test('outputs that are parameters have the value from before the update', async () => {
    const program = await engine.compile(trainingStep())
    const state = engine.state(start())
    const { before, loss, again } = await program.run(state, batch)
    expect(before!.data).toEqual(start().beta!.data)
    expect(again).toEqual(loss)
    expect((await state.read()).beta!.data).not.toEqual(start().beta!.data)
    state.dispose()
    await program.dispose()
  })

  test('neither shares memory with the tensors that it was given nor with those that it reads out', async () => {
    const given = start()
    const state = engine.state(given)
    given.beta!.data[0] = 42
    const first = await state.read()
    expect(first.beta!.data[0]).toBe(start().beta!.data[0])
    first.beta!.data[0] = 42
    expect((await state.read()).beta!.data[0]).toBe(start().beta!.data[0])
    state.dispose()
  })

  test('one program serves many states', async () => {
    const program = await engine.compile(trainingStep())
    const [one, two] = [engine.state(start()), engine.state(start())]
    await program.run(one, batch)
    await program.run(one, batch)
    await program.run(two, batch)
    await program.run(two, batch)
    expect(await one.read()).toEqual(await two.read())
    one.dispose()
    two.dispose()
    await program.dispose()
  })

  test('says which input or parameter is missing or has another shape', async () => {
    const program = await engine.compile(trainingStep())
    const { beta, ...others } = start()
    const [whole, partial] = [engine.state(start()), engine.state(others)]
    const wrong = engine.state({ ...others, beta: float32([1, 4], beta!.data as Float32Array) })
    await expect(program.run(whole, { x: batch.x! })).rejects.toThrow(
      'input labels must be int32 [2x5x7], got nothing',
    )
    await expect(program.run(whole, { ...batch, x: drawn('x', [2, 2, 7, 5]) })).rejects.toThrow(
      'input x must be float32 [2x2x5x7], got float32 [2x2x7x5]',
    )
    await expect(program.run(partial, batch)).rejects.toThrow(
      'parameter beta must be [4], the state has none',
    )
    await expect(program.run(wrong, batch)).rejects.toThrow('parameter beta must be [4], the state has [1x4]')
    for (const state of [whole, partial, wrong]) state.dispose()
    await program.dispose()
  })
})

test.each([
  ['of the CPU', onnxruntime],
  ['of a device', await onnxRuntime({ device: 'cuda', provider: 'cpu', threads: 1 })],
])('a large graph %s is compiled while timers fire: a heartbeat cannot wait', async (_, engine) => {
  const graph = new GraphBuilder()
  const x = graph.parameter('x', { dtype: 'float32', shape: [2], ...rate })
  const product = Array.from({ length: 1000 }).reduce<Value>((product) => mul(graph, product, x), x)
  const events: string[] = []
  const compiling = engine.compile(graph.build({ product })).finally(() => events.push('compiled'))
  setTimeout(() => events.push('timer'))
  const program = await compiling
  expect(events).toEqual(['timer', 'compiled'])
  await program.dispose()
})

test('both engines train to the same weights', async () => {
  const [one, other] = [await train(onnxruntime, 3), await train(tensorflow, 3)]
  for (const [name, { data }] of Object.entries(one.weights))
    data.forEach((weight, i) => {
      expect(other.weights[name]!.data[i]).toBeCloseTo(weight, 4)
    })
})

describe('tensorflow', () => {
  test('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    await train(tensorflow, 2)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('leaves no tensor behind where a run fails', async () => {
    const graph = new GraphBuilder()
    const x = graph.input('x', { dtype: 'float32', shape: [1] })
    const failing = { ...graph.build({ y: relu(graph, relu(graph, x)) }) }
    const nodes = failing.nodes.with(1, {
      ...failing.nodes[1]!,
      op: {
        ...failing.nodes[1]!.op,
        tensorflow: () => {
          throw new Error('out of memory')
        },
      },
    })
    const program = await tensorflow.compile({ ...failing, nodes })
    const before = tf.memory().numTensors
    await expect(program.run(tensorflow.state({}), { x: float32([1], [1]) })).rejects.toThrow('out of memory')
    expect(tf.memory().numTensors).toBe(before)
  })

  test('frees intermediate results as soon as nothing needs them', async () => {
    const graph = new GraphBuilder()
    const x = graph.input('x', { dtype: 'float32', shape: [1] })
    const alive: number[] = []
    const watch = {
      name: 'watch',
      infer: (inputs: readonly { dtype: 'float32' | 'int32'; shape: readonly number[] }[]) => inputs,
      onnx: () => [],
      tensorflow: (library: typeof tf, [value]: readonly ReturnType<typeof tf.tensor>[]) => {
        alive.push(library.memory().numTensors)
        return [library.neg(value!)]
      },
    }
    let y = x
    for (let i = 0; i < 20; i++) y = graph.add(watch, [y], null)[0]!
    const program = await tensorflow.compile(graph.build({ y }))
    const state = tensorflow.state({})
    await program.run(state, { x: float32([1], [1]) })
    expect(new Set(alive).size).toBe(1)
  })
})
