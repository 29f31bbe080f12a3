import { describe, expect, test } from 'vitest'
import type { Box } from '../../../../nas/boxes/boxes.ts'
import type { Detection, Truth } from '../../../../nas/metrics/detection/boxes.ts'
import {
  vocArea,
  vocAveragePrecision,
  vocCurve,
  vocElevenPoints,
} from '../../../../nas/metrics/detection/voc.ts'

const square = (left: number): Box => [left, 0, left + 10, 10]
const truth = (image: number, box: Box, difficult = false, label = 0): Truth => ({
  ...{ image, label, box, difficult },
  ...{ area: 100, crowd: false },
})
const detection = (image: number, box: Box, score: number, label = 0): Detection => ({
  image,
  label,
  box,
  score,
})

/** Detections of one class, by descending score, of as many truths as are to be found; `x` is wrong. */
function curveOf(outcomes: string, truths: number) {
  const boxes = Array.from({ length: truths }, (_, i) => truth(i, square(0)))
  let next = 0
  const detections = [...outcomes].map((outcome, i) =>
    outcome === 'x' ? detection(0, square(500), 1 - i / 100) : detection(next++, square(0), 1 - i / 100),
  )
  return vocCurve(boxes, detections)!
}

test('precision and recall after each detection', () => {
  expect(curveOf('oxo', 4)).toEqual({ precision: [1, 1 / 2, 2 / 3], recall: [1 / 4, 1 / 4, 1 / 2] })
})

describe('average precision, by hand', () => {
  test('as an area: the best precision at each recall or a higher one', () => {
    expect(vocArea(curveOf('oxo', 4))).toBeCloseTo(1 / 4 + (1 / 4) * (2 / 3), 12)
    expect(vocArea(curveOf('xoo', 2))).toBeCloseTo(2 / 3, 12)
    expect(vocArea(curveOf('xo', 1))).toBe(0.5)
    expect(vocArea(curveOf('xx', 1))).toBe(0)
    expect(vocArea(curveOf('', 1))).toBe(0)
  })

  test('at eleven recalls', () => {
    // 1 at 0.0, 0.1 and 0.2; 2/3 at 0.3, 0.4 and 0.5.
    expect(vocElevenPoints(curveOf('oxo', 4))).toBeCloseTo((3 + 3 * (2 / 3)) / 11, 12)
    expect(vocElevenPoints(curveOf('o', 1))).toBeCloseTo(1, 12)
    expect(vocElevenPoints(curveOf('', 1))).toBe(0)
  })

  test('the fourth of eleven recalls is 3 * 0.1, as in MATLAB, and the seventh and eighth are 6/10 and 7/10', () => {
    expect(vocElevenPoints(curveOf('ooo', 10))).toBeCloseTo(3 / 11, 12)
    expect(vocElevenPoints(curveOf('oooooo', 10))).toBeCloseTo(7 / 11, 12)
    expect(vocElevenPoints(curveOf('ooooooo', 10))).toBeCloseTo(8 / 11, 12)
  })
})

describe('the devkit’s rules', () => {
  test('a difficult truth is neither to be found nor wrong to find', () => {
    const truths = [truth(0, square(0)), truth(0, square(100), true)]
    const detections = [
      detection(0, square(100), 0.9),
      detection(0, square(100), 0.8),
      detection(0, square(0), 0.7),
    ]
    expect(vocCurve(truths, detections)).toEqual({ precision: [1], recall: [1] })
    expect(vocCurve([truths[1]!], detections)).toBeUndefined()
  })

  test('a second detection of a truth is wrong', () => {
    const detections = [detection(0, square(0), 0.9), detection(0, square(1), 0.8)]
    expect(vocCurve([truth(0, square(0))], detections)).toEqual({ precision: [1, 1 / 2], recall: [1, 1] })
  })

  test('a detection is of the truth that it overlaps most, also where that is found and another is not', () => {
    const truths = [truth(0, square(0)), truth(0, square(3))]
    const detections = [detection(0, square(0), 0.9), detection(0, square(1), 0.8)]
    expect(vocCurve(truths, detections)?.recall).toEqual([1 / 2, 1 / 2])
  })

  test('of two truths that it overlaps alike, it is of the first', () => {
    const [clear, difficult] = [truth(0, square(0)), truth(0, square(0), true)]
    const one = [detection(0, square(0), 0.9)]
    expect(vocCurve([clear, difficult], one)?.recall).toEqual([1])
    expect(vocCurve([difficult, clear], one)?.recall).toEqual([])
  })

  test('an IoU of exactly 0.5 is enough', () => {
    const wide = truth(0, [0, 0, 20, 10])
    expect(vocCurve([wide], [detection(0, square(0), 1)])?.recall).toEqual([1])
    expect(vocCurve([wide], [detection(0, [0, 0, 9.9, 10], 1)])?.recall).toEqual([0])
  })

  test('a detection in another image, or of another class, finds nothing; classes come in order', () => {
    const truths = [truth(0, square(0), false, 1), truth(0, square(0))]
    const scores = vocAveragePrecision(
      truths,
      [detection(1, square(0), 0.9), detection(0, square(0), 0.8), detection(0, square(0), 0.8, 2)],
      vocArea,
    )
    expect([...scores]).toEqual([
      [0, 0.5],
      [1, 0],
      [2, undefined],
    ])
  })
})
