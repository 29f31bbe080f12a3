import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Box } from '../../../../nas/boxes/boxes.ts'
import { cocoDetection, cocoTruth } from '../../../../nas/metrics/detection/boxes.ts'
import {
  accumulate,
  averagePrecision,
  averagePrecisionAt,
  meanAveragePrecision,
  RECALLS,
  summarise,
} from '../../../../nas/metrics/detection/coco.ts'
import { type ImageMatches, matchImages, THRESHOLDS } from '../../../../nas/metrics/detection/match.ts'
import { pool } from '../../../../nas/metrics/detection/pool.ts'
import { detectionsOf, FIXTURES, readFixture, truthsOf } from './fixture.ts'

const DIGITS = 12
const NOTHING = -1

/** Truths as [image, box], or with what else is to be said of them; detections as [image, box, score]. All of class 0. */
function score(
  images: number,
  truths: readonly (readonly [image: number, box: Box, more?: { crowd?: boolean; area?: number }])[],
  detections: readonly (readonly [image: number, box: Box, score: number, label?: number])[],
) {
  const matches = matchImages(
    Array.from({ length: images }, (_, i) => i),
    truths.map(([image, box, more]) =>
      cocoTruth({
        ...{ image, label: 0, box, crowd: false, difficult: false },
        area: (box[2] - box[0]) * (box[3] - box[1]),
        ...more,
      }),
    ),
    detections.map(([image, box, score, label = 0]) => cocoDetection({ image, label, box, score })),
  )
  return summarise(accumulate(pool(matches)))
}

const square = (left: number, side = 40): Box => [left, 0, left + side, side]

describe.each(FIXTURES)('scores are those of pycocotools 2.0.11: %s', (name) => {
  const fixture = readFixture(name)
  const matches = matchImages(fixture.images, truthsOf(fixture), detectionsOf(fixture))
  const classes = accumulate(pool(matches))

  test('all twelve', () => {
    const stats = summarise(classes)
    for (const [i, expected] of fixture.stats.entries())
      expect(stats[i] ?? NOTHING, `stat ${i}`).toBeCloseTo(expected, DIGITS)
    expect(meanAveragePrecision(pool(matches)) ?? NOTHING).toBe(stats[0] ?? NOTHING)
  })

  test('of each class', () => {
    for (const [id, ap, ap50] of fixture.classes) {
      const all = classes.find(({ label }) => label === id)?.areas.all
      expect(all === undefined ? NOTHING : averagePrecision(all)).toBeCloseTo(ap!, DIGITS)
      expect(all === undefined ? NOTHING : averagePrecisionAt(0)(all)).toBeCloseTo(ap50!, DIGITS)
    }
  })
})

test('thresholds and recalls are those of numpy.linspace, to the bit', () => {
  expect(THRESHOLDS).toEqual([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.8999999999999999, 0.95])
  expect([RECALLS.length, RECALLS[29], RECALLS[100]]).toEqual([101, 0.29, 1])
})

describe('COCO’s rules, with values of pycocotools', () => {
  test('a truth that is not found halves the recall, and precision counts at 51 of 101 recalls', () => {
    const stats = score(
      2,
      [
        [0, square(0)],
        [1, square(0)],
      ],
      [[0, square(0), 0.9]],
    )
    expect(stats[0]).toBeCloseTo(51 / 101, DIGITS)
    expect(stats[8]).toBe(0.5)
  })

  test('a wrong detection of a higher score halves the precision, and not the recall of another image', () => {
    const stats = score(
      2,
      [[0, square(0)]],
      [
        [0, square(0), 0.9],
        [1, square(0), 0.95],
      ],
    )
    expect(stats[0]).toBe(0.5)
    expect(stats[6]).toBe(1)
  })

  test('a second detection of a truth is wrong, but costs nothing below all that are right', () => {
    const stats = score(
      1,
      [[0, square(0)]],
      [
        [0, square(0), 0.9],
        [0, square(2), 0.8],
      ],
    )
    expect(stats[0]).toBeCloseTo(1, DIGITS)
    expect(stats[0]).toBeLessThan(1) // by numpy.spacing(1)
  })

  test('of an image, 1, 10 or 100 detections of a class count, those of the greatest scores', () => {
    const truths = Array.from({ length: 12 }, (_, i) => [0, square(50 * i)] as const)
    const found = truths.map(([image, box], i) => [image, box, 1 - i / 20] as const)
    expect(score(1, truths, found).slice(6, 9)).toEqual(
      [1 / 12, 10 / 12, 1].map((share) => expect.closeTo(share, DIGITS)),
    )
    const wrong = (n: number) => Array.from({ length: n }, () => [0, square(5000), 0.9] as const)
    const below = (n: number) => score(1, [[0, square(0)]], [[0, square(0), 0.5], ...wrong(n)])
    expect([below(99)[0], below(99)[8]]).toEqual([expect.closeTo(1 / 100, DIGITS), 1])
    expect([below(100)[0], below(100)[8]]).toEqual([0, 0])
  })

  test('a class without truth is out of the mean, however much of it is detected', () => {
    const stats = score(
      1,
      [[0, square(0)]],
      [
        [0, square(0), 0.9],
        [0, square(0), 0.95, 7],
      ],
    )
    expect(stats[0]).toBeCloseTo(1, DIGITS)
  })

  test('a truth of 32² is small and medium, and one of 96² medium and large', () => {
    const ofSide = (side: number) => score(1, [[0, square(0, side)]], [[0, square(0, side), 1]]).slice(3, 6)
    const found = expect.closeTo(1, DIGITS)
    expect(ofSide(32)).toEqual([found, found, undefined])
    expect(ofSide(96)).toEqual([undefined, found, found])
  })

  test('an object has the area that is told of it, not that of its box', () => {
    const stats = score(1, [[0, square(0, 40), { area: 1000 }]], [[0, square(0, 40), 1]])
    expect(stats.slice(3, 6)).toEqual([expect.closeTo(1, DIGITS), undefined, undefined])
  })

  test('any number of detections in a crowd count for nothing, as far as they lie in it', () => {
    const crowd = [0, square(1000, 400), { crowd: true }] as const
    const inside = [1000, 1050, 1100].map((left) => [0, square(left), 0.9] as const)
    expect(score(1, [crowd, [0, square(0)]], [...inside, [0, square(0), 0.5]])[0]).toBeCloseTo(1, DIGITS)
    const half = [0, [975, 0, 1025, 40], 0.9] as const
    const stats = score(1, [crowd, [0, square(0)]], [half, [0, square(0), 0.5]])
    expect(stats[1]).toBeCloseTo(1, DIGITS)
    expect(stats[2]).toBe(0.5)
    expect(score(1, [crowd], inside)).toEqual(Array(12).fill(undefined))
  })

  test('without detections all is 0, and without truth nothing is defined', () => {
    expect(score(1, [[0, square(0)]], []).slice(0, 3)).toEqual([0, 0, 0])
    expect(score(1, [], [[0, square(0), 1]])).toEqual(Array(12).fill(undefined))
  })
})

test('an image that no list has is refused', () => {
  expect(() => score(1, [[3, square(0)]], [])).toThrow('image 3 is not listed')
})

describe('resampled images', () => {
  const fixture = readFixture('torchmetrics')
  const matches = matchImages(fixture.images, truthsOf(fixture), detectionsOf(fixture))
  const scoresOf = (images: readonly ImageMatches[], times?: readonly number[]) =>
    accumulate(pool(images), times)

  test('score as their copies would', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }), (times) => {
        const copies = matches.flatMap((image, i) => Array.from({ length: times[i]! }, () => image))
        const [copied, weighed] = [summarise(scoresOf(copies)), summarise(scoresOf(matches, times))]
        expect(weighed).toEqual(copied)
        expect(meanAveragePrecision(pool(matches), times)).toBe(copied[0])
      }),
      { numRuns: 50 },
    )
  })
})
