import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { confusion, countPixels, segmentationMetrics } from '../../../nas/metrics/mean-iou.ts'

type Image = { readonly predictions: number[]; readonly labels: number[] }

function measure(classes: number, images: readonly Image[]) {
  const counts = confusion(classes)
  for (const { predictions, labels } of images) countPixels(counts, predictions, labels, 255)
  return segmentationMetrics(counts)
}

describe('mmsegmentation’s figures', () => {
  test('MI-1', () => {
    const predictions = [0, 0, 1, 1, 2, 2, 2, 2, 0]
    const labels = [0, 1, 1, 1, 2, 255, 2, 0, 255]
    const metrics = measure(3, [{ predictions, labels }])
    expect(metrics.iou).toEqual([1 / 3, 2 / 3, 2 / 3])
    expect(metrics.meanIou).toBeCloseTo(0.5555555556, 10)
    expect(metrics.meanAccuracy).toBeCloseTo(0.7222222222, 10)
    expect(metrics.pixelAccuracy).toBeCloseTo(0.7142857143, 10)
  })

  test('MI-6: ignored pixels count for nothing, neither as hits nor as false alarms', () => {
    expect(measure(2, [{ predictions: [0, 1, 1, 1], labels: [0, 255, 255, 1] }]).meanIou).toBe(1)
  })
})

test('a class neither there nor predicted is undefined and out of the mean; one only predicted scores 0', () => {
  const metrics = measure(4, [{ predictions: [0, 0, 2], labels: [0, 0, 0] }])
  expect(metrics.iou).toEqual([2 / 3, undefined, 0, undefined])
  expect(metrics.meanIou).toBeCloseTo(1 / 3)
  expect(metrics.meanAccuracy).toBeCloseTo(2 / 3)
})

test('a class that is predicted for all labelled pixels is told, whether there are any of it or not', () => {
  const everywhere = [{ predictions: [2, 2, 0], labels: [0, 1, 255] }]
  expect(measure(3, everywhere).onlyClass).toBe(2)
  expect(measure(3, [...everywhere, { predictions: [1], labels: [0] }]).onlyClass).toBeUndefined()
})

test('with nothing labelled, nothing is defined', () => {
  expect(measure(2, [{ predictions: [0, 1], labels: [255, 255] }])).toEqual({
    iou: [undefined, undefined],
    meanIou: undefined,
    meanAccuracy: undefined,
    pixelAccuracy: undefined,
  })
})

const CLASSES = 4
const images = fc.array(
  fc
    .array(fc.tuple(fc.nat(CLASSES - 1), fc.oneof(fc.nat(CLASSES - 1), fc.constant(255))), { maxLength: 30 })
    .map((pixels): Image => ({ predictions: pixels.map(([p]) => p), labels: pixels.map(([, l]) => l) })),
  { minLength: 1, maxLength: 6 },
)

test('the order of images does not matter, and neither does how pixels are split into images', () => {
  fc.assert(
    fc.property(images, (list) => {
      const metrics = measure(CLASSES, list)
      expect(measure(CLASSES, list.toReversed())).toEqual(metrics)
      const one = { predictions: list.flatMap((i) => i.predictions), labels: list.flatMap((i) => i.labels) }
      expect(measure(CLASSES, [one])).toEqual(metrics)
    }),
  )
})

test('each class agrees with sets of pixels compared directly', () => {
  fc.assert(
    fc.property(images, (list) => {
      const pixels = list.flatMap(({ predictions, labels }) =>
        predictions.map((p, i) => [p, labels[i]!] as const),
      )
      const counted = pixels.filter(([, label]) => label !== 255)
      const expected = Array.from({ length: CLASSES }, (_, c) => {
        const union = counted.filter(([p, l]) => p === c || l === c).length
        return union === 0 ? undefined : counted.filter(([p, l]) => p === c && l === c).length / union
      })
      expect(measure(CLASSES, list).iou).toEqual(expected)
    }),
  )
})

test('what cannot be counted is refused', () => {
  const counts = confusion(2)
  expect(() => countPixels(counts, [0], [0, 1], 255)).toThrow('1 predictions for 2 labels')
  expect(() => countPixels(counts, [2], [0], 255)).toThrow('must be below 2')
  expect(() => countPixels(counts, [0], [7], 255)).toThrow('must be below 2')
})
