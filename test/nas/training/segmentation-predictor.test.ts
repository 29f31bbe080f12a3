import { expect, test } from 'vitest'
import type { Sample, SampleRef } from '../../../nas/data/dataset.ts'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { argmax } from '../../../nas/graph/ops/argmax.ts'
import { reduceMean } from '../../../nas/graph/ops/reduce-mean.ts'
import { sub } from '../../../nas/graph/ops/sub.ts'
import { scoreOfAll } from '../../../nas/metrics/bootstrap.ts'
import { random } from '../../../nas/random.ts'
import { segmentationPredictor } from '../../../nas/training/segmentation-predictor.ts'

/** At which the validation images of this network were scored. */
const VALIDATION = [33, 49] as const

/** A network with pooling over the whole image: what it makes of a picture depends on how much padding there is. */
function predictorThatNotes(sizes: string[]) {
  const graphAt = (size: readonly [number, number]) => {
    sizes.push(size.join('x'))
    const graph = new GraphBuilder()
    const image = graph.input('image', { dtype: 'float32', shape: [1, 3, ...size] })
    const logits = sub(graph, image, reduceMean(graph, image, [2, 3]))
    return graph.build({ logits, predictions: argmax(graph, logits, 1) })
  }
  return segmentationPredictor({ graphAt, weights: {}, classes: 3, size: VALIDATION })
}

const pictures = (
  [
    [33, 49],
    [20, 40],
    [50, 20],
    [17, 33],
  ] as const
).map(([height, width], i) => {
  const rng = random(i, 'picture')
  const image = Uint8Array.from({ length: 3 * height * width }, (_, at) => 60 * (at % 3) + rng.integer(120))
  return { height, width, image }
})

test('a network makes the same of an image by itself, among others, and as it did of validation images', async () => {
  const engine = await onnxRuntime({ threads: 1 })
  const sizes: string[] = []
  const predictor = predictorThatNotes(sizes)
  const samples: Sample[] = []
  for (const [i, { height, width, image }] of pictures.entries()) {
    const mask = await predictor.predict(engine, { height, width, data: image })
    if (mask.kind !== 'mask') throw new Error('no mask')
    samples.push({ name: `${i}`, height, width, image, labels: mask.labels })
  }
  expect(sizes).toEqual(['33x49', '33x49', '65x49', '33x49'])

  const refs = samples.map(({ name }): SampleRef => ({ split: 'test', name }))
  const dataset = { load: async ({ name }: SampleRef) => samples[Number(name)]! }
  const all = (await predictor.score(engine, dataset, refs))!
  expect(sizes.slice(4)).toEqual(['33x49', '65x49'])
  expect(scoreOfAll(all)).toBe(1)
  for (const [i, ref] of refs.entries())
    expect((await predictor.score(engine, dataset, [ref]))!.scoreOf([0])).toBe(all.scoreOf([i]))
})
