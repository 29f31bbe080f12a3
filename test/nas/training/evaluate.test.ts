import { describe, expect, it } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { add } from '../../../nas/graph/ops/add.ts'
import { argmax } from '../../../nas/graph/ops/argmax.ts'
import type { Network } from '../../../nas/nets/layers.ts'
import { float32, int32 } from '../../../nas/tensor.ts'
import { type EvaluationBatch, evaluate } from '../../../nas/training/evaluate.ts'
import { scoringGraph } from '../../../nas/training/segmentation.ts'

const classes = 3
const ignoreLabel = 255
const [n, h, w] = [1, 2, 2]

/** Logits that make these predictions. */
const batch = (predicted: readonly number[], labels: readonly number[]): EvaluationBatch => ({
  inputs: {
    x: float32(
      [n, classes, h, w],
      [0, 1, 2].flatMap((label) => predicted.map((prediction) => Number(prediction === label))),
    ),
  },
  labels: int32([n, h, w], labels),
})

async function evaluated(...batches: readonly EvaluationBatch[]) {
  const graph = new GraphBuilder()
  const x = graph.input('x', { dtype: 'float32', shape: [n, classes, h, w] })
  const logits = add(graph, x, graph.scalar(0))
  const engine = await onnxRuntime({ threads: 1 })
  const program = await engine.compile(graph.build({ logits, predictions: argmax(graph, logits, 1) }))
  return evaluate({ program, state: engine.state({}), batches: of(...batches), classes, ignoreLabel })
}

/** By the mean of the logits, as many images are scored. */
async function scored(...batches: readonly EvaluationBatch[]) {
  const network: Network = ({ graph }, x) => add(graph, x, graph.scalar(0))
  const engine = await onnxRuntime({ threads: 1 })
  const graph = scoringGraph({ network, input: { name: 'image', shape: [n, classes, h, w] } })
  const program = await engine.compile(graph, { shortLived: true })
  const images = batches.map(({ inputs, labels }) => ({ inputs: { image: inputs.x! }, labels }))
  return evaluate({ program, state: engine.state({}), batches: of(...images), classes, ignoreLabel })
}

async function* of(...batches: readonly EvaluationBatch[]) {
  yield* batches
}

describe('evaluate', () => {
  it('sums pixels over all batches before it divides, and skips ignored ones', async () => {
    const result = await evaluated(batch([0, 0, 1, 2], [0, 0, 0, 255]), batch([1, 1, 0, 2], [1, 0, 255, 255]))
    // Class 0: 2 of 4 pixels right, none wrongly claimed; class 1: 1 right, 2 wrongly claimed; class 2 nowhere.
    expect(result).toEqual({
      iou: [2 / 4, 1 / 3, undefined],
      meanIou: (2 / 4 + 1 / 3) / 2,
      meanAccuracy: (2 / 4 + 1) / 2,
      pixelAccuracy: 3 / 5,
    })
  })

  it('tells of a class that is predicted everywhere, ignored pixels apart', async () => {
    expect(
      await evaluated(batch([2, 2, 1, 2], [0, 2, 255, 1]), batch([2, 2, 2, 2], [0, 0, 0, 0])),
    ).toMatchObject({ onlyClass: 2 })
    expect(await evaluated(batch([2, 2, 1, 2], [0, 2, 0, 1]))).toMatchObject({ onlyClass: undefined })
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'has no score for a network whose logits hold %d',
    async (x) => {
      const broken = batch([0, 0, 0, 0], [0, 0, 0, 0])
      broken.inputs.x!.data[5] = x
      const sound = batch([0, 0, 0, 0], [0, 0, 0, 0])
      for (const by of [evaluated, scored]) {
        expect(await by(sound, broken)).toBeUndefined()
        expect(await by(sound)).toMatchObject({ meanIou: 1 })
      }
    },
  )
})
