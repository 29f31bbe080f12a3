import { expect, test } from 'vitest'
import {
  type ImageScores,
  ofSums,
  percentileInterval,
  RESAMPLES,
  resampledScores,
  scoreOfAll,
} from '../../../nas/metrics/bootstrap.ts'
import {
  confusion,
  countPixels,
  iouCounts,
  meanIouOf,
  segmentationMetrics,
} from '../../../nas/metrics/mean-iou.ts'
import { random } from '../../../nas/random.ts'

/** Whether each image is classified right. */
const hits = (right: readonly number[]): ImageScores =>
  ofSums(
    right.map((hit) => Float64Array.of(hit, 1)),
    ([hit, images]) => hit! / images!,
  )
const drawn = (n: number, share: number) => {
  const rng = random(1, 'hits', share)
  return Array.from({ length: n }, () => Number(rng.uniform() < share))
}

test('of top-1, the interval is that of a binomial share', () => {
  const right = drawn(400, 0.7)
  const share = scoreOfAll(hits(right))
  const { low, high } = percentileInterval(resampledScores(hits(right)))
  const error = Math.sqrt((share * (1 - share)) / 400)
  expect(low).toBeCloseTo(share - 1.96 * error, 2)
  expect(high).toBeCloseTo(share + 1.96 * error, 2)
})

test('two networks are scored on the same resamples: equal ones differ in none', () => {
  const right = drawn(50, 0.5)
  const scores = resampledScores(hits(right))
  expect(scores).toHaveLength(RESAMPLES)
  expect(resampledScores(hits(right))).toEqual(scores)
  const worse = right.map((hit, i) => (i === right.indexOf(1) ? 0 : hit))
  const better = resampledScores(hits(worse)).filter((score, i) => score > scores[i]!)
  expect(better).toEqual([])
})

test('mean IoU of summed rows is that of all pixels together', () => {
  const rng = random(2, 'pixels')
  const classes = 4
  const all = confusion(classes)
  const rows = Array.from({ length: 5 }, () => {
    const draw = () => Array.from({ length: 30 }, () => rng.integer(classes - 1))
    const [predictions, labels] = [draw(), draw()]
    const image = confusion(classes)
    for (const counts of [all, image]) countPixels(counts, predictions, labels, 255)
    return iouCounts(image)
  })
  expect(scoreOfAll(ofSums(rows, (sums) => meanIouOf(sums)!))).toBe(segmentationMetrics(all).meanIou)
})
