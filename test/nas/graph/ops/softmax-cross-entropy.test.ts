import { describe, expect, test } from 'vitest'
import { onnxRuntime } from '../../../../nas/engines/onnxruntime.ts'
import { tensorFlow } from '../../../../nas/engines/tensorflow.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { gradient } from '../../../../nas/graph/gradient.ts'
import { softmaxCrossEntropy } from '../../../../nas/graph/ops/softmax-cross-entropy.ts'
import { random } from '../../../../nas/random.ts'
import { float32, int32, type Tensor } from '../../../../nas/tensor.ts'
import { tf } from '../../engines/tfjs.ts'
import { evaluate } from '../check-op.ts'

const engines = [await onnxRuntime({ threads: 1 }), await tensorFlow({ tf })]

function lossAndGradient(
  logits: Tensor,
  labels: Tensor,
  ignoreLabel: number,
  labelSmoothing = 0,
  classBalance = 0,
) {
  const graph = new GraphBuilder()
  const x = graph.input('logits', logits)
  const truth = graph.input('labels', labels)
  const loss = softmaxCrossEntropy(graph, x, truth, { ignoreLabel, labelSmoothing, classBalance })
  return graph.build({ loss, gradient: gradient(graph, loss, [x])[0]! })
}

/** In double precision, pixel by pixel, as the definition says. */
function byDefinition(
  logits: Tensor,
  labels: Tensor,
  ignoreLabel: number,
  { labelSmoothing, classBalance }: { readonly labelSmoothing: number; readonly classBalance: number },
) {
  const [n, classes, ...positions] = logits.shape as [number, number, ...number[]]
  const area = positions.reduce((product, length) => product * length, 1)
  const counted = [...labels.data.keys()].filter((i) => labels.data[i] !== ignoreLabel)
  const weightOf = (i: number) =>
    counted.filter((other) => labels.data[other] === labels.data[i]).length ** -classBalance
  const weights = counted.reduce((sum, i) => sum + weightOf(i), 0)
  const slopes = new Float64Array(logits.data.length)
  let loss = 0
  for (const i of counted) {
    const at = (c: number) => (Math.floor(i / area) * classes + c) * area + (i % area)
    const scores = Array.from({ length: classes }, (_, c) => logits.data[at(c)]!)
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0)
    scores.forEach((score, c) => {
      const target = labelSmoothing / classes + (c === labels.data[i] ? 1 - labelSmoothing : 0)
      const share = weightOf(i) / weights
      loss -= share * target * Math.log(Math.exp(score) / total)
      slopes[at(c)] = share * (Math.exp(score) / total - target)
    })
  }
  expect(n * area).toBe(labels.data.length)
  return { loss, slopes }
}

const rng = random(4, 'logits')
const logits = float32(
  [2, 4, 2, 3],
  Array.from({ length: 48 }, () => 2 * rng.normal()),
)

describe.each([
  { labelSmoothing: 0, classBalance: 0 },
  { labelSmoothing: 0.1, classBalance: 0 },
  { labelSmoothing: 0, classBalance: 0.5 },
  { labelSmoothing: 0.1, classBalance: 1 },
])('with %o', (options) => {
  test.each(engines)('$name: loss and gradient are those of the definition', async (engine) => {
    const labels = int32([2, 2, 3], [0, 1, 2, 3, 255, 255, 1, 1, 0, 255, 3, 2])
    const graph = lossAndGradient(logits, labels, 255, options.labelSmoothing, options.classBalance)
    const results = await evaluate(engine, graph, { logits, labels })
    const { loss, slopes } = byDefinition(logits, labels, 255, options)
    expect(results.loss!.data[0]).toBeCloseTo(loss, 5)
    slopes.forEach((slope, i) => {
      expect(results.gradient!.data[i]).toBeCloseTo(slope, 6)
    })
  })
})

test.each(engines)('$name: where every pixel is ignored, loss and gradient are 0', async (engine) => {
  const labels = int32([2, 2, 3], Array<number>(12).fill(255))
  const results = await evaluate(engine, lossAndGradient(logits, labels, 255), { logits, labels })
  expect(results.loss!.data[0]).toBe(0)
  expect(results.gradient!.data.every((slope) => slope === 0)).toBe(true)
})

test.each(engines)('$name: logits of any size neither overflow nor vanish', async (engine) => {
  const labels = int32([3], [0, 1, 0])
  const large = float32([3, 2], [1000, -1000, 1000, -1000, -500, -501])
  const results = await evaluate(engine, lossAndGradient(large, labels, 255), { logits: large, labels })
  expect(results.loss!.data[0]).toBeCloseTo((0 + 2000 + Math.log(1 + Math.exp(-1))) / 3, 3)
  expect(results.gradient!.data[2]).toBeCloseTo(1 / 3, 6)
})
