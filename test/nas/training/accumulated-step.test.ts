import { describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import type { GraphBuilder } from '../../../nas/graph/builder.ts'
import type { Graph, ParameterRole, Value } from '../../../nas/graph/graph.ts'
import { add } from '../../../nas/graph/ops/add.ts'
import { matmul } from '../../../nas/graph/ops/matmul.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../nas/graph/ops/reshape.ts'
import { sigmoid } from '../../../nas/graph/ops/sigmoid.ts'
import { sub } from '../../../nas/graph/ops/sub.ts'
import { sliced } from '../../../nas/nets/sliced.ts'
import { random } from '../../../nas/random.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../nas/tensor.ts'
import { gradientStep, parametersOf, updateStep } from '../../../nas/training/accumulated-step.ts'
import { adam } from '../../../nas/training/adam.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import type { Optimiser } from '../../../nas/training/optimiser.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { type Forward, isArchitecture, isWeight, trainingStep } from '../../../nas/training/step.ts'

const engine = await onnxRuntime({ threads: 1 })
const momentum = sgd({ momentum: 0.9, weightDecay: 0.1 })
const [examples, features, hidden] = [6, 3, 4]
const rate = { learningRate: float32([], [0.1]) }

const declared = (shape: readonly number[], role: ParameterRole = 'weight') =>
  ({ dtype: 'float32', shape, role, initialiser: { kind: 'he-normal', fanOut: 2 } }) as const

const total = (graph: GraphBuilder, x: Value) =>
  reshape(graph, reduceSum(graph, x, [...x.type.shape.keys()]), [])

/** A perceptron with the first hidden units of a shared one. */
function error(graph: GraphBuilder, width: number, x: Value, y: Value): Value {
  const first = sliced(graph, 'first', declared([features, hidden]), [undefined, [[0, width]]])
  const second = sliced(graph, 'second', declared([hidden, 1]), [[[0, width]], undefined])
  const difference = sub(graph, matmul(graph, sigmoid(graph, matmul(graph, x, first)), second), y)
  return total(graph, mul(graph, difference, difference))
}

const data = (graph: GraphBuilder): [Value, Value] => [
  graph.input('x', { dtype: 'float32', shape: [examples, features] }),
  graph.input('y', { dtype: 'float32', shape: [examples, 1] }),
]

const subNetwork =
  (width: number): Forward =>
  (graph) => ({ loss: error(graph, width, ...data(graph)) })

function batch(number: number): Tensors {
  const rng = random(2, 'batch', number)
  const normal = (shape: readonly number[]) =>
    float32(
      shape,
      Array.from({ length: sizeOf(shape) }, () => rng.normal()),
    )
  return { x: normal([examples, features]), y: normal([examples, 1]) }
}

/** Runs a graph once on its inputs, and gives its outputs with the state after it. */
async function execute(graph: Graph, before: Tensors, inputs: Tensors) {
  const program = await engine.compile(graph)
  const state = engine.state(before)
  const wanted = Object.fromEntries([...graph.inputs.keys()].map((name) => [name, inputs[name]!]))
  const outputs = await program.run(state, wanted)
  const now = await state.read()
  state.dispose()
  await program.dispose()
  return { outputs, state: now }
}

const initialFor = (...graphs: readonly Graph[]) =>
  Object.assign({}, ...graphs.map(({ parameters }) => initialise(parameters, 4))) as Tensors

const close = ({ data }: Tensor, digits = 5) => [...data].map((value) => expect.closeTo(value, digits))

function expectAlike(found: Tensors, expected: Tensors, names = Object.keys(expected)) {
  for (const name of names) expect([...found[name]!.data], name).toEqual(close(expected[name]!))
}

/** The state after gradient steps on one batch, one after the other, and one update. */
async function accumulated(
  forwards: readonly Forward[],
  optimiser: Optimiser,
  options?: Parameters<typeof updateStep>[2],
) {
  const gradients = forwards.map((forward) => gradientStep(forward, isWeight))
  const update = updateStep(optimiser, parametersOf(gradients, isWeight), options)
  const initial = initialFor(...gradients, update)
  let state = initial
  for (const graph of gradients) state = (await execute(graph, state, batch(0))).state
  const { outputs, state: updated } = await execute(update, state, rate)
  return { initial, gradients: state, updated, outputs }
}

describe('gradients of several sub-networks', () => {
  it('add up to those of the sum of their losses, by finite differences', async () => {
    const { initial, gradients } = await accumulated([subNetwork(4), subNetwork(2)], momentum)
    const loss = async (state: Tensors) => {
      const losses = [4, 2].map((width) => gradientStep(subNetwork(width), () => false))
      const runs = await Promise.all(losses.map((graph) => execute(graph, state, batch(0))))
      return runs.reduce((sum, { outputs }) => sum + outputs.loss!.data[0]!, 0)
    }
    const step = 0.01
    for (const name of ['first', 'second'])
      for (const i of initial[name]!.data.keys()) {
        const moved = (by: number) => {
          const { shape, data } = initial[name]!
          return loss({ ...initial, [name]: float32(shape, [...data].with(i, data[i]! + by)) })
        }
        const slope = ((await moved(step)) - (await moved(-step))) / (2 * step)
        expect(gradients[`${name}:gradient`]!.data[i]).toBeCloseTo(slope, 2)
      }
  })

  it('are applied as by one graph of the sum of their losses', async () => {
    const fused = trainingStep((graph) => {
      const [x, y] = data(graph)
      return { loss: add(graph, error(graph, 4, x, y), error(graph, 2, x, y)) }
    }, momentum)
    const { initial, updated } = await accumulated([subNetwork(4), subNetwork(2)], momentum)
    const expected = await execute(fused, initial, { ...batch(0), ...rate })
    expectAlike(updated, expected.state, [...fused.parameters.keys()])
    expect([...updated.first!.data]).not.toEqual([...initial.first!.data])
  })
})

describe.each([
  { name: 'sgd', optimiser: momentum },
  { name: 'adam', optimiser: adam({ betas: [0.9, 0.99], epsilon: 1e-3, weightDecay: 0.1 }) },
])('a gradient step and an update with $name', ({ optimiser }) => {
  it('do what the fused step does, over several steps, and leave accumulators at zero', async () => {
    const fused = trainingStep(subNetwork(4), optimiser)
    const gradient = gradientStep(subNetwork(4), isWeight)
    const update = updateStep(optimiser, parametersOf([gradient], isWeight))
    let [whole, split] = [initialFor(fused), initialFor(gradient, update)]
    for (const number of [0, 1, 2]) {
      const expected = await execute(fused, whole, { ...batch(number), ...rate })
      const found = await execute(gradient, split, batch(number))
      expect(found.outputs.loss!.data[0]).toBeCloseTo(expected.outputs.loss!.data[0]!, 4)
      expect(found.state['first:gradient']!.data.some((value) => value !== 0)).toBe(true)
      whole = expected.state
      split = (await execute(update, found.state, rate)).state
      expectAlike(split, whole)
      for (const name of ['first', 'second'])
        expect([...split[`${name}:gradient`]!.data].every((value) => value === 0)).toBe(true)
    }
  })
})

describe('weights and architecture on one state', () => {
  const ofWeights = adam({ betas: [0.9, 0.999], epsilon: 1e-3, weightDecay: 0 })
  const ofArchitecture = adam({ betas: [0.5, 0.9], epsilon: 1e-3, weightDecay: 0 })
  const mixed: Forward = (graph) => {
    const [x, y] = data(graph)
    const alpha = sigmoid(graph, graph.parameter('alpha', declared([], 'arch')))
    const rest = sub(graph, graph.scalar(1), alpha)
    const losses = [mul(graph, alpha, error(graph, 4, x, y)), mul(graph, rest, error(graph, 2, x, y))]
    return { loss: add(graph, losses[0]!, losses[1]!) }
  }
  const part = (optimiser: Optimiser, selected: typeof isWeight) => {
    const gradient = gradientStep(mixed, selected)
    return { gradient, update: updateStep(optimiser, parametersOf([gradient], selected)) }
  }
  const weights = part(ofWeights, isWeight)
  const architecture = part(ofArchitecture, isArchitecture)
  const initial = initialFor(weights.gradient, weights.update, architecture.gradient, architecture.update)
  const step = async ({ gradient, update }: typeof weights, state: Tensors, number: number) => {
    const { state: summed } = await execute(gradient, state, batch(number))
    return (await execute(update, summed, rate)).state
  }

  it('have optimisers whose moments are apart: neither touches what is of the other', async () => {
    const shared = [...weights.update.updates.keys()].filter((name) => architecture.update.updates.has(name))
    expect(shared).toEqual([])
    const first = await step(weights, initial, 0)
    for (const name of architecture.update.updates.keys()) expect(first[name], name).toEqual(initial[name])
    const second = await step(architecture, first, 1)
    for (const name of weights.update.updates.keys()) expect(second[name], name).toEqual(first[name])
    expect(second.alpha).not.toEqual(first.alpha)
  })

  it('descend by turns as with a fused step each, weights on one batch and architecture on another', async () => {
    const fused = {
      weights: trainingStep(mixed, ofWeights),
      architecture: trainingStep(mixed, ofArchitecture, { selected: isArchitecture }),
    }
    let [found, expected] = [initial, initialFor(fused.weights, fused.architecture)]
    for (const turn of [0, 1]) {
      found = await step(weights, found, 2 * turn)
      found = await step(architecture, found, 2 * turn + 1)
      expected = (await execute(fused.weights, expected, { ...batch(2 * turn), ...rate })).state
      expected = (await execute(fused.architecture, expected, { ...batch(2 * turn + 1), ...rate })).state
    }
    expectAlike(found, expected)
  })
})

describe('clipping', () => {
  const plain = sgd({ momentum: 0, weightDecay: 0 })
  const separate: Forward = (graph) => {
    const difference = sub(graph, graph.parameter('alone', declared([])), graph.scalar(3))
    return { loss: mul(graph, difference, difference) }
  }

  it.each([0.5, 1e3])('at %d scales by the norm over all programs', async (clip) => {
    const { initial, gradients, updated, outputs } = await accumulated([subNetwork(4), separate], plain, {
      clip,
    })
    const names = ['first', 'second', 'alone']
    const all = names.flatMap((name) => [...gradients[`${name}:gradient`]!.data])
    const norm = Math.sqrt(all.reduce((sum, each) => sum + each ** 2, 0))
    expect(outputs.gradientNorm!.data[0]).toBeCloseTo(norm, 4)
    const factor = Math.min(1, clip / (norm + 1e-6))
    expect(factor < 1).toBe(clip === 0.5)
    for (const name of names) {
      const [start, gradient] = [initial[name]!.data, gradients[`${name}:gradient`]!.data]
      const expected = [...start].map((value, i) => value - 0.1 * factor * gradient[i]!)
      expect([...updated[name]!.data]).toEqual(expected.map((value) => expect.closeTo(value, 5)))
    }
  })

  it('leaves gradients as they are, to the last bit, below the norm', async () => {
    const [clipped, plainly] = [
      await accumulated([subNetwork(4)], plain, { clip: 1e3 }),
      await accumulated([subNetwork(4)], plain),
    ]
    expect(clipped.updated).toEqual(plainly.updated)
  })
})
