import { expect, test } from 'vitest'
import { type Box, rowsOf } from '../../../nas/boxes/boxes.ts'
import { detectionsOf } from '../../../nas/boxes/detections.ts'

const image = { height: 50, width: 100 }
const options = { score: 0.3, threshold: 0.5, most: 10 }
/** The first two overlap by 2/3. */
const regions: readonly Box[] = [
  [0, 0, 10, 10],
  [2, 0, 12, 10],
  [40, 20, 60, 40],
  [30, 30, 30, 30],
]
/** Background and two classes. */
const probabilities = [
  [0.1, 0.5, 0.4],
  [0, 0.6, 0.4],
  [0.7, 0.3, 0],
  [0, 0.9, 0.9],
]

const found = (deltas: Float32Array, setting: Partial<typeof options> = {}) => {
  const rows = Float32Array.from(probabilities.flat())
  const { boxes, scores, labels } = detectionsOf(rowsOf(regions), rows, deltas, image, {
    ...options,
    ...setting,
  })
  return [...labels].map((label, i) => ({
    label,
    score: Number(scores[i]!.toFixed(3)),
    box: [...boxes.subarray(4 * i, 4 * i + 4)],
  }))
}

const still = new Float32Array(4 * 12)

test('a box suppresses those of its own class, and the first of equal ones wins', () => {
  expect(found(still)).toEqual([
    { label: 0, score: 0.6, box: [2, 0, 12, 10] },
    { label: 1, score: 0.4, box: [0, 0, 10, 10] },
  ])
  expect(found(still, { threshold: 0.7 }).map(({ score }) => score)).toEqual([0.6, 0.5, 0.4, 0.4])
  expect(found(still, { most: 1 })).toHaveLength(1)
})

test('a probability of exactly the least is not reported, nor a region without area', () => {
  expect(found(still, { score: 0.29 }).map(({ score }) => score)).toEqual([0.6, 0.4, 0.3])
})

test('each class moves a region by its own deltas, in tenths and fifths, and into the image', () => {
  const deltas = still.slice()
  // The second class of the first region: half a width to the right, twice as high.
  deltas.set([5, 0, 0, 5 * Math.log(2)], 8)
  expect(found(deltas)[1]!.box.map((edge) => Number(edge.toFixed(4)))).toEqual([5, 0, 15, 15])
})
