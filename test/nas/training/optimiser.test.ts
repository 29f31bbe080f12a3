import { describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { float32, type Tensors } from '../../../nas/tensor.ts'
import { adam } from '../../../nas/training/adam.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import type { Optimiser } from '../../../nas/training/optimiser.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { trainingStep } from '../../../nas/training/step.ts'
import { examples, features, linearBatch, linearRegression } from './linear.ts'

const engine = await onnxRuntime({ threads: 1 })
const steps = 6
const learningRate = (step: number) => 0.1 / (step + 1)

/** Weights and bias after each step of the graph. */
async function trained(optimiser: Optimiser): Promise<number[][]> {
  const graph = trainingStep(linearRegression, optimiser)
  const program = await engine.compile(graph)
  const state = engine.state(initialise(graph.parameters, 1))
  const seen = [numbers(await state.read())]
  for (let step = 0; step < steps; step++) {
    const rate = float32([], [learningRate(step)])
    await program.run(state, { ...(await linearBatch(step)), learningRate: rate })
    seen.push(numbers(await state.read()))
  }
  await program.dispose()
  return seen
}

const numbers = (state: Tensors) => [...state.weight!.data, ...state['head/bias']!.data]

/** The gradient of the loss by hand: mean of error · (x, 1). */
async function gradientByHand(parameters: readonly number[], step: number): Promise<number[]> {
  const { x, y } = await linearBatch(step)
  const gradient = [0, 0, 0, 0]
  for (let n = 0; n < examples; n++) {
    const row = [...x!.data.slice(n * features, (n + 1) * features), 1]
    const error = row.reduce((sum, value, i) => sum + value * parameters[i]!, 0) - y!.data[n]!
    row.forEach((value, i) => {
      gradient[i]! += (error * value) / examples
    })
  }
  return gradient
}

/** The same from the textbook, in double precision; the last parameter, the bias, does not decay. */
async function byHand(
  start: readonly number[],
  weightDecay: number,
  change: (i: number, gradient: number, step: number) => number,
): Promise<number[][]> {
  const seen = [[...start]]
  for (let step = 0; step < steps; step++) {
    const now = seen[step]!
    const gradient = await gradientByHand(now, step)
    seen.push(
      now.map((value, i) => value + change(i, gradient[i]! + (i < features ? weightDecay * value : 0), step)),
    )
  }
  return seen
}

const close = (values: readonly (readonly number[])[]) =>
  values.map((row) => row.map((value) => expect.closeTo(value, 5)))

describe('optimisers', () => {
  it('sgd does what the textbook does: momentum, and decay of weights but not of biases', async () => {
    const [momentum, weightDecay] = [0.9, 0.3]
    const actual = await trained(sgd({ momentum, weightDecay }))
    const velocity = [0, 0, 0, 0]
    const expected = await byHand(actual[0]!, weightDecay, (i, gradient, step) => {
      velocity[i] = momentum * velocity[i]! + gradient
      return -learningRate(step) * velocity[i]!
    })
    expect(actual).toEqual(close(expected))
  })

  it('adam does what Algorithm 1 does, bias correction included', async () => {
    const [beta1, beta2] = [0.9, 0.999] as const
    const [epsilon, weightDecay] = [1e-3, 0.3]
    const actual = await trained(adam({ betas: [beta1, beta2], epsilon, weightDecay }))
    const [first, second] = [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]
    const expected = await byHand(actual[0]!, weightDecay, (i, gradient, step) => {
      first![i] = beta1 * first![i]! + (1 - beta1) * gradient
      second![i] = beta2 * second![i]! + (1 - beta2) * gradient ** 2
      const corrected = first![i]! / (1 - beta1 ** (step + 1))
      const variance = second![i]! / (1 - beta2 ** (step + 1))
      return (-learningRate(step) * corrected) / (Math.sqrt(variance) + epsilon)
    })
    expect(actual).toEqual(close(expected))
  })

  it.each([
    ['a weight', 'weight', true, 0.75],
    ['an architecture parameter', 'arch', true, 0.75],
    ['a weight that decay spares', 'weight', false, 1],
    ['a bias', 'norm', true, 1],
  ] as const)('decays %s, or not', async (_, role, decayed, expected) => {
    const graph = new GraphBuilder()
    const initialiser = { kind: 'constant', value: 1 } as const
    const value = graph.parameter('p', { dtype: 'float32', shape: [1], role, decayed, initialiser })
    const none = graph.constant(float32([1], [0]))
    const optimiser = sgd({ momentum: 0, weightDecay: 0.25 })
    optimiser(graph, [graph.parameters.get('p')!], [none], graph.scalar(1))
    const step = graph.build({ value })
    const state = engine.state(initialise(step.parameters, 0))
    await (await engine.compile(step)).run(state, {})
    expect((await state.read()).p!.data[0]).toBe(expected)
  })
})
