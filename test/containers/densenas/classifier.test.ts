import { beforeAll, describe, expect, test } from 'vitest'
import { classifier } from '../../../containers/densenas/classifier.ts'
import { runModel } from '../../../nas/engines/onnxruntime/run-model.ts'
import { cost } from '../../../nas/graph/cost.ts'
import {
  type ClassifierNetwork,
  classifierNetwork,
} from '../../../nas/pipelines/densenas/classifier-network.ts'
import { classifierSpec } from '../../../nas/pipelines/densenas/specs.ts'
import { Interrupted } from '../../../nas/runs/interrupted.ts'
import { trialKeys } from '../../../nas/runs/keys.ts'
import { getResult } from '../../../nas/runs/result.ts'
import { putSpec } from '../../../nas/runs/trial.ts'
import { float32 } from '../../../nas/tensor.ts'
import { classificationGraph } from '../../../nas/training/classification.ts'
import { type MemoryStore, memoryStore } from '../../functions/memory-store.ts'
import { listed } from '../../nas/store/contract.ts'
import { contextOf, record } from './context.ts'

const derived: ClassifierNetwork = {
  kind: 'densenas',
  genotype: {
    space: 'densenas',
    version: 1,
    stem: 8,
    blocks: [
      { width: 8, stride: 1, head: 'mbconv_k3_t1', stack: [] },
      { width: 16, stride: 2, head: 'mbconv_k3_t3', stack: [] },
    ],
    last: 32,
  },
}
const mobileNetV2: ClassifierNetwork = { kind: 'mobilenet-v2', width: 0.1, stride: 8 }
const spec = classifierSpec(record, derived, 1)

/** What jobs leave of a trial. */
async function left(store: MemoryStore, trial: string): Promise<Record<string, string>> {
  const keys = await listed(store, `trials/${trial}/`)
  return Object.fromEntries(keys.map((key) => [key, Buffer.from(store.objects.get(key)!).toString('base64')]))
}

describe('a classifier', () => {
  const store = memoryStore()
  let trial: string
  beforeAll(async () => {
    trial = await putSpec(store, spec)
    await classifier(await contextOf('classifier', store, { trials: [trial] }))
  })

  test('is trained to a result and leaves its weights and its model', async () => {
    const graph = classificationGraph({ network: classifierNetwork(derived, 10), image: [1, 3, 32, 32] })
    const { parameters, multiplyAdds } = cost(graph)
    expect(await getResult(store, trial)).toEqual({
      status: 'succeeded',
      score: expect.any(Number),
      top5: expect.any(Number),
      confusion: expect.any(Array),
      loss: expect.any(Number),
      parameters,
      multiplyAdds,
    })
    const { spec, weights, model, result } = trialKeys(trial)
    expect(Object.keys(await left(store, trial)).sort()).toEqual([model, result, spec, weights].sort())
  })

  test('as a model gives logits and probabilities for one image', async () => {
    const model = store.objects.get(trialKeys(trial).model)!
    const image = float32([1, 3, 32, 32], new Float32Array(3 * 32 * 32))
    const { logits, probabilities } = await runModel(model, { image })
    expect([logits!.shape, probabilities!.shape]).toEqual([
      [1, 10],
      [1, 10],
    ])
    expect([...probabilities!.data].reduce((sum, each) => sum + each)).toBeCloseTo(1, 5)
  })

  test('interrupted at any step and resumed leaves the same, byte for byte', async () => {
    const other = memoryStore()
    await putSpec(other, spec)
    const stop = new AbortController()
    const progress = ({ step }: { readonly step: number }) => {
      if (step === 7) stop.abort()
    }
    const context = { trials: [trial], progress, signal: stop.signal }
    await expect(classifier(await contextOf('classifier', other, context))).rejects.toThrow(Interrupted)
    expect(await listed(other, trialKeys(trial).checkpoint)).toHaveLength(1)
    await classifier(await contextOf('classifier', other, { trials: [trial] }))
    expect(await left(other, trial)).toEqual(await left(store, trial))
  })
})

test('networks of one job are trained one after the other; one that diverges is a recorded failure', async () => {
  const store = memoryStore()
  const { optimiser } = spec
  const diverging = await putSpec(store, { ...spec, optimiser: { ...optimiser, learningRate: 1e30 } })
  const baseline = await putSpec(store, {
    ...classifierSpec(record, mobileNetV2, 1),
    optimiser: { ...optimiser, steps: 3 },
  })
  await classifier(await contextOf('classifier', store, { trials: [diverging, baseline] }))
  expect(await getResult(store, diverging)).toEqual({
    status: 'failed',
    reason: expect.stringMatching(/^diverged at step \d+: the loss was (NaN|Infinity)$/),
  })
  expect(await getResult(store, baseline)).toMatchObject({ status: 'succeeded' })
})

test('a network whose only update is its ruin has no score', async () => {
  const store = memoryStore()
  const optimiser = { ...spec.optimiser, learningRate: 1e30, steps: 1 }
  const ruined = await putSpec(store, { ...spec, optimiser })
  await classifier(await contextOf('classifier', store, { trials: [ruined] }))
  expect(await getResult(store, ruined)).toEqual({
    status: 'failed',
    reason: expect.stringMatching(/^diverged at step 1: .* is not finite$/),
  })
})
