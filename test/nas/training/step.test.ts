import { describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { float32 } from '../../../nas/tensor.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { trainingStep } from '../../../nas/training/step.ts'
import { linearBatch, linearRegression } from './linear.ts'

const engine = await onnxRuntime({ threads: 1 })
const optimiser = sgd({ momentum: 0.9, weightDecay: 0 })

describe('trainingStep', () => {
  it('takes the data and a learning rate, gives the loss and the metrics', async () => {
    const graph = trainingStep(linearRegression, optimiser)
    expect([...graph.inputs.keys()]).toEqual(['x', 'y', 'learningRate'])
    expect([...graph.outputs.keys()].sort()).toEqual(['loss', 'sum'])
    const state = engine.state(initialise(graph.parameters, 0))
    const program = await engine.compile(graph)
    const inputs = { ...(await linearBatch(0)), learningRate: float32([], [0.1]) }
    const { loss, sum } = await program.run(state, inputs)
    expect(sum!.data[0]! / 16).toBeCloseTo(loss!.data[0]!, 5)
  })

  it('reports the loss before the update', async () => {
    const graph = trainingStep(linearRegression, optimiser)
    const program = await engine.compile(graph)
    const batch = await linearBatch(0)
    const losses = [0, 0.1].map(async (rate) => {
      const state = engine.state(initialise(graph.parameters, 0))
      return (await program.run(state, { ...batch, learningRate: float32([], [rate]) })).loss
    })
    expect(await losses[0]).toEqual(await losses[1])
  })

  it('leaves parameters alone that are not selected, and keeps no slots for them', () => {
    const graph = trainingStep(linearRegression, optimiser, {
      selected: ({ name }) => !name.startsWith('head/'),
    })
    expect([...graph.parameters.keys()]).toEqual(['weight', 'head/bias', 'weight:momentum'])
    expect([...graph.updates.keys()].sort()).toEqual(['weight', 'weight:momentum'])
  })

  it('trains neither statistics nor architecture by default', () => {
    const { updates } = trainingStep((graph) => {
      for (const role of ['stat', 'arch'] as const)
        graph.parameter(role, {
          dtype: 'float32',
          shape: [],
          role,
          initialiser: { kind: 'constant', value: 0 },
        })
      return linearRegression(graph)
    }, optimiser)
    expect([...updates.keys()].sort()).toEqual([
      'head/bias',
      'head/bias:momentum',
      'weight',
      'weight:momentum',
    ])
  })
})
