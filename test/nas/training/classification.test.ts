import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../nas/engines/engine.ts'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { tensorFlow } from '../../../nas/engines/tensorflow.ts'
import { freeze } from '../../../nas/graph/freeze.ts'
import { classifierNetwork } from '../../../nas/pipelines/densenas/classifier-network.ts'
import { random } from '../../../nas/random.ts'
import { float32, int32, type Tensors } from '../../../nas/tensor.ts'
import { classificationGraph, classificationStep } from '../../../nas/training/classification.ts'
import { evaluateClassification } from '../../../nas/training/evaluate-classification.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import { sgd } from '../../../nas/training/sgd.ts'
import { tf } from '../engines/tfjs.ts'
import { difference } from '../graph/check-op.ts'

const [batch, classes] = [6, 3]
const network = classifierNetwork(
  {
    kind: 'densenas',
    genotype: {
      space: 'densenas',
      version: 1,
      stem: 8,
      blocks: [
        { width: 8, stride: 1, head: 'mbconv_k3_t1', stack: [] },
        { width: 16, stride: 2, head: 'mbconv_k5_t3', stack: ['mbconv_k3_t3'] },
      ],
      last: 32,
    },
  },
  classes,
)
const task = { network, image: [batch, 3, 16, 16] } as const
const stepOf = ({ rewrites }: Engine) =>
  classificationStep(task, sgd({ momentum: 0.9, weightDecay: 4e-5 }), {
    steps: 60,
    labelSmoothing: 0.1,
    rewrites,
  })

/** Images whose label is the channel that they have most of. */
function images(number: number) {
  const rng = random(1, 'images', number)
  const labels = Int32Array.from({ length: batch }, () => rng.integer(classes))
  const image = Float32Array.from(
    { length: batch * 3 * 256 },
    (_, i) => rng.normal() + (Math.floor(i / 256) % 3 === labels[Math.floor(i / 768)] ? 1 : 0),
  )
  return { image: float32([batch, 3, 16, 16], image), labels }
}

const batchOf = (number: number) => {
  const { image, labels } = images(number)
  return { image, labels: int32([batch], labels), learningRate: float32([], [0.1]) }
}

test('a step is the same on both engines', async () => {
  const [ours, other] = await Promise.all(
    [await onnxRuntime({ threads: 1 }), await tensorFlow({ tf })].map(async (engine) => {
      const step = stepOf(engine)
      const program = await engine.compile(step)
      const state = engine.state(initialise(step.parameters, 0))
      const { loss } = await program.run(state, batchOf(0))
      const after = await state.read()
      state.dispose()
      await program.dispose()
      return { loss: loss!, ...after }
    }),
  )
  expect(difference(ours!, other!)).toBeLessThan(1e-3)
})

describe('a trained classifier', async () => {
  const engine = await onnxRuntime({ threads: 1 })
  const step = stepOf(engine)
  const program = await engine.compile(step)
  const state = engine.state(initialise(step.parameters, 0))
  for (let i = 0; i < 60; i++) await program.run(state, batchOf(i))
  const weights = await state.read()
  await program.dispose()
  const graph = freeze(classificationGraph(task), weights)
  const trained = { program: await engine.compile(graph), state: engine.state({}) }

  test('finds the classes of images that it has not seen', async () => {
    async function* batches() {
      for (let i = 1000; i < 1010; i++) yield images(i)
      // A batch that is not full: only its first images count.
      const { image, labels } = images(2000)
      yield { image, labels: labels.slice(0, 2) }
    }
    const counts = (await evaluateClassification({ ...trained, batches: batches(), classes }))!
    expect(counts.images).toBe(62)
    expect(counts.top1).toBeGreaterThan(50)
    expect(counts.top5).toBe(62)
  })

  test('is said to predict one class everywhere where it does, and has no score where it gives no numbers', async () => {
    const always = async function* (logits: readonly number[]) {
      const rows = Array.from({ length: batch }, () => logits).flat()
      yield { image: float32([batch, classes], rows), labels: Int32Array.from([1, 2, 2]) }
    }
    const state = engine.state({})
    const program = {
      run: async (_: unknown, { image }: Tensors) => ({ logits: image! }),
      dispose: async () => {},
    }
    const evaluated = (...logits: readonly number[]) =>
      evaluateClassification({
        program,
        state,
        batches: always([...logits, ...Array(classes - logits.length).fill(0)]),
        classes,
      })
    expect(await evaluated(1, 3, 2)).toMatchObject({
      images: 3,
      top1: 1,
      onlyClass: 1,
      confusion: [
        [0, 0, 0],
        [0, 1, 0],
        [0, 2, 0],
      ],
    })

    expect(await evaluated(1, Number.NaN)).toBeUndefined()
    expect(await evaluated(Number.NEGATIVE_INFINITY)).toBeUndefined()
    async function* some() {
      yield images(1000)
    }
    expect(await evaluateClassification({ ...trained, batches: some(), classes })).toMatchObject({
      onlyClass: undefined,
    })
  })

  test('gives probabilities that are the softmax of its logits', async () => {
    const { logits, probabilities } = await trained.program.run(trained.state, { image: images(5).image })
    expect(probabilities!.shape).toEqual([batch, classes])
    const exponentials = [...logits!.data].map(Math.exp)
    exponentials.forEach((each, i) => {
      const row = exponentials.slice(i - (i % classes), i - (i % classes) + classes)
      expect(probabilities!.data[i]).toBeCloseTo(each / row.reduce((sum, one) => sum + one), 5)
    })
  })
})
