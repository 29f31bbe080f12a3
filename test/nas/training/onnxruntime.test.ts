import { describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { mul } from '../../../nas/graph/ops/mul.ts'
import { reduceSum } from '../../../nas/graph/ops/reduce-sum.ts'
import { reshape } from '../../../nas/graph/ops/reshape.ts'
import { sub } from '../../../nas/graph/ops/sub.ts'
import { float32 } from '../../../nas/tensor.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import { type Training, train } from '../../../nas/training/loop.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { trainingStep } from '../../../nas/training/step.ts'
import { linearBatch, linearRegression } from './linear.ts'

const engine = await onnxRuntime({ threads: 1 })

async function trainLinear(changes: Partial<Training>) {
  const graph = trainingStep(linearRegression, sgd({ momentum: 0.9, weightDecay: 0 }))
  const program = await engine.compile(graph)
  const state = engine.state(initialise(graph.parameters, 1))
  const result = await train({
    step: { run: (inputs) => program.run(state, inputs) },
    state,
    steps: 200,
    losses: [],
    batch: linearBatch,
    learningRate: () => 0.05,
    saveCheckpoint: async () => {},
    checkpointDue: () => false,
    ...changes,
  })
  return { result, state: await state.read() }
}

describe('training on ONNX Runtime', () => {
  it('finds the line that the examples lie on', async () => {
    const { state } = await trainLinear({})
    expect([...state.weight!.data, ...state['head/bias']!.data]).toEqual(
      [1, -2, 0.5, 3].map((x) => expect.closeTo(x, 2)),
    )
  })

  it('tells when it diverges', async () => {
    const { result } = await trainLinear({ learningRate: () => 1e20 })
    expect(result).toEqual({ kind: 'diverged', step: 1, what: 'the loss was Infinity' })
  })

  it('gives back the memory of the states that it leaves behind', async () => {
    const shape = [256, 256]
    const graph = trainingStep(
      (graph) => {
        const initialiser = { kind: 'constant', value: 1 } as const
        const weight = graph.parameter('weight', { dtype: 'float32', shape, role: 'weight', initialiser })
        const distance = sub(graph, weight, graph.input('target', { dtype: 'float32', shape }))
        const sum = reduceSum(graph, mul(graph, distance, distance), [0, 1])
        return { loss: reshape(graph, sum, []) }
      },
      sgd({ momentum: 0.9, weightDecay: 0 }),
    )
    const stateBytes = 2 * 4 * 256 * 256
    const [warmUp, steps] = [100, 600]
    const resident: number[] = []
    const program = await engine.compile(graph)
    const state = engine.state(initialise(graph.parameters, 0))
    await train({
      step: { run: (inputs) => program.run(state, inputs) },
      state,
      steps,
      losses: [],
      batch: async () => ({ target: float32(shape, new Float32Array(256 * 256)) }),
      learningRate: () => 0.01,
      saveCheckpoint: async () => {},
      checkpointDue: () => false,
      onStep: (done) => {
        if (done >= warmUp) resident.push(process.memoryUsage().rss)
      },
    })
    const growth = Math.max(...resident) - resident[0]!
    expect(growth).toBeLessThan(0.25 * (steps - warmUp) * stateBytes)
  })
})
