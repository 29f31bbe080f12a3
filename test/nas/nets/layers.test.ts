import { describe, expect, test } from 'vitest'
import { classifier, convBn, depthwiseBn, type Network, pointwiseWithBias } from '../../../nas/nets/layers.ts'
import { float32 } from '../../../nas/tensor.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import { graphOf, noise, outputShape, run } from './networks.ts'

const pointwise: Network = (context, x) => convBn(context, 'layer', x, { channels: 3, activation: 'linear' })

const shape = [4, 2, 5, 7]
const x = noise(shape)

/** Mean and biased variance of each of the three channels of a 1x1 convolution of `x`, in double precision. */
function statistics(weight: ArrayLike<number>) {
  return [0, 1, 2].map((k) => {
    const values: number[] = []
    for (let n = 0; n < 4; n++)
      for (let at = 0; at < 35; at++)
        values.push([0, 1].reduce((sum, c) => sum + weight[2 * k + c]! * x.data[(2 * n + c) * 35 + at]!, 0))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    return { mean, variance, values }
  })
}

describe('batch normalisation', () => {
  const training = graphOf(pointwise, shape, 'training')
  const evaluation = graphOf(pointwise, shape, 'evaluation')
  const weights = initialise(training.parameters, 3)
  const expected = statistics(weights['layer/weight']!.data)

  test('one training run keeps 9 tenths of the running statistics and takes 1 tenth of the batch', async () => {
    const { state } = await run(training, { input: x }, weights)
    expected.forEach(({ mean, variance }, k) => {
      expect(state['layer/mean']!.data[k]).toBeCloseTo(0.1 * mean, 5)
      expect(state['layer/variance']!.data[k]).toBeCloseTo(0.9 + 0.1 * variance, 5)
    })
  })

  test('running statistics converge to the statistics of the batch, and evaluation then gives what training gave', async () => {
    let state = weights
    let trained = x
    for (let i = 0; i < 150; i++) {
      const result = await run(training, { input: x }, state)
      state = result.state
      trained = result.output
    }
    expected.forEach(({ mean, variance }, k) => {
      expect(state['layer/mean']!.data[k]).toBeCloseTo(mean, 4)
      expect(state['layer/variance']!.data[k]).toBeCloseTo(variance, 4)
    })
    const { output } = await run(evaluation, { input: x }, state)
    output.data.forEach((y, i) => {
      expect(y).toBeCloseTo(trained.data[i]!, 4)
    })
  })

  test('scales by gamma, shifts by beta and keeps small variances apart from zero by epsilon', async () => {
    const state = {
      'layer/weight': float32([3, 2, 1, 1], [1, 0, 1, 0, 1, 0]),
      'layer/gamma': float32([3], [1, 2, 1]),
      'layer/beta': float32([3], [0, 0, 5]),
      'layer/mean': float32([3], [1, 1, 1]),
      'layer/variance': float32([3], [4, 4, 0]),
    }
    const ones = { input: float32([1, 2, 1, 1], [3, 0]) }
    const { output } = await run(graphOf(pointwise, [1, 2, 1, 1], 'evaluation'), ones, state)
    const inverse = 1 / Math.sqrt(4 + 1e-5)
    expect([...output.data].map((y) => Number(y.toPrecision(5)))).toEqual(
      [2 * inverse, 4 * inverse, 5 + 2 / Math.sqrt(1e-5)].map((y) => Number(y.toPrecision(5))),
    )
  })

  test('evaluation leaves the state as it is', () => {
    expect([...evaluation.updates.keys()]).toEqual([])
    expect([...training.updates.keys()]).toEqual(['layer/mean', 'layer/variance'])
  })
})

describe('parameters', () => {
  const parametersOf = (network: Network) =>
    [...graphOf(network, shape, 'training').parameters.values()].map(({ parameter }) => parameter)

  test('a filter is a weight, its scale and shift a norm, its running statistics a stat', () => {
    expect(parametersOf(pointwise).map(({ name, role, shape }) => [name, role, shape])).toEqual([
      ['layer/weight', 'weight', [3, 2, 1, 1]],
      ['layer/gamma', 'norm', [3]],
      ['layer/beta', 'norm', [3]],
      ['layer/mean', 'stat', [3]],
      ['layer/variance', 'stat', [3]],
    ])
  })

  test('depthwise filters have no weight decay, all other filters have', () => {
    const separable: Network = (context, x) =>
      convBn(context, 'pointwise', depthwiseBn(context, 'depthwise', x, { kernel: 3, activation: 'relu' }), {
        channels: 3,
        activation: 'relu',
      })
    const decayed = parametersOf(separable).map(({ name, decayed }) => [name, decayed] as const)
    expect(decayed.filter(([name]) => name.endsWith('weight'))).toEqual([
      ['depthwise/weight', false],
      ['pointwise/weight', true],
    ])
  })

  test('He initialisation counts the outputs that a weight reaches', () => {
    const [conv] = parametersOf((context, x) =>
      convBn(context, 'layer', x, { channels: 6, kernel: 3, activation: 'relu' }),
    )
    const [depthwise] = parametersOf((context, x) =>
      depthwiseBn(context, 'layer', x, { kernel: 3, activation: 'relu' }),
    )
    expect(conv!.initialiser).toEqual({ kind: 'he-normal', fanOut: 54 })
    expect(depthwise!.initialiser).toEqual({ kind: 'he-normal', fanOut: 9 })
  })
})

describe('layers with bias', () => {
  test('a classifier averages over positions, multiplies by the transposed weight and adds the bias', async () => {
    const graph = graphOf((context, x) => classifier(context, x, 3), [2, 2, 1, 2], 'evaluation')
    const { output } = await run(
      graph,
      { input: float32([2, 2, 1, 2], [0, 2, 1, 3, 3, 3, 8, 0]) },
      {
        'classifier/weight': float32([3, 2], [1, 0, 0, 1, 1, 1]),
        'classifier/bias': float32([3], [10, 20, 30]),
      },
    )
    expect([...output.data]).toEqual([11, 22, 33, 13, 24, 37])
  })

  test('a pointwise convolution does the last two at every position', async () => {
    const graph = graphOf(
      (context, x) => pointwiseWithBias(context, 'logits', x, 2, { kind: 'constant', value: 1 }),
      [1, 2, 1, 2],
      'evaluation',
    )
    const { output } = await run(
      graph,
      { input: float32([1, 2, 1, 2], [1, 2, 3, 4]) },
      { 'logits/weight': float32([2, 2, 1, 1], [1, 0, 1, 1]), 'logits/bias': float32([2, 1, 1], [10, 20]) },
    )
    expect([...output.data]).toEqual([11, 12, 24, 26])
  })

  test('an odd kernel keeps the size at any dilation', () => {
    for (const dilation of [
      [1, 1],
      [2, 5],
      [21, 6],
    ] as const) {
      const graph = graphOf(
        (context, x) => depthwiseBn(context, 'layer', x, { kernel: 3, dilation, activation: 'relu' }),
        shape,
        'evaluation',
      )
      expect(outputShape(graph)).toEqual(shape)
    }
  })
})
