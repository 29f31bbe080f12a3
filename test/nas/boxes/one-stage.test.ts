import { describe, expect, it } from 'vitest'
import { anchorsAPlace, anchorsOf, ssdAnchors } from '../../../nas/boxes/anchors.ts'
import { boxAt, countOf, rowsOf } from '../../../nas/boxes/boxes.ts'
import { hardNegatives } from '../../../nas/boxes/hard-negatives.ts'
import { likeliestAnchors } from '../../../nas/boxes/likeliest.ts'
import { BACKGROUND, BETWEEN } from '../../../nas/boxes/match.ts'
import { matchDefaultBoxes } from '../../../nas/boxes/match-default-boxes.ts'

describe('anchors of SSD', () => {
  it.each([
    ['SSD300', 8732, [38, 19, 10, 5, 3, 1]],
    ['SSD512', 24_564, [64, 32, 16, 8, 4, 2, 1]],
  ] as const)('of %s are the published %i', (_, published, sides) => {
    const options = ssdAnchors(4, sides.length)
    const counts = sides.map((side, i) =>
      countOf(anchorsOf({ stride: 8 * 2 ** i, height: side, width: side }, options[i]!)),
    )
    expect(counts.reduce((sum, count) => sum + count)).toBe(published)
  })

  it('are a square, others of its area, and a square half way to those of the next level', () => {
    const [finest, second] = ssdAnchors(4, 4)
    expect([finest!, second!].map(anchorsAPlace)).toEqual([4, 6])
    const boxes = anchorsOf({ stride: 8, height: 1, width: 1 }, finest!)
    const sides = Array.from({ length: 4 }, (_, i) => {
      const [left, top, right, bottom] = boxAt(boxes, i)
      return [right - left, bottom - top] as const
    })
    expect(sides[0]).toEqual([32, 32])
    expect(sides.slice(1, 3).map(([wide, high]) => Math.round((100 * high) / wide))).toEqual([200, 50])
    expect(sides.slice(1, 3).map(([wide, high]) => Math.round(wide * high))).toEqual([1024, 1024])
    expect(sides[3]![0]).toBeCloseTo(Math.sqrt(32 * 64), 4)
  })
})

describe('default boxes', () => {
  const rows = rowsOf([
    [0, 0, 40, 40],
    [40, 0, 80, 40],
    [0, 0, 20, 20],
  ])

  it('match what they overlap by half, and a small thing takes the one that overlaps it most', () => {
    const truths = rowsOf([
      [0, 0, 40, 36],
      [10, 10, 16, 16],
      [76, 36, 84, 44],
    ])
    expect([...matchDefaultBoxes(rows, truths)]).toEqual([0, 2, 1])
  })

  it('go to the truth that they overlap most where two want the same, and the other takes its next best', () => {
    const truths = rowsOf([
      [2, 2, 20, 20],
      [0, 0, 20, 20],
    ])
    expect([...matchDefaultBoxes(rows, truths)]).toEqual([0, BACKGROUND, 1])
    const outside = rowsOf([[200, 200, 210, 210]])
    expect([...matchDefaultBoxes(rows, outside)]).toEqual([BACKGROUND, BACKGROUND, BACKGROUND])
  })
})

describe('hard negatives', () => {
  const matches = Int32Array.of(BACKGROUND, 0, BACKGROUND, BETWEEN, BACKGROUND, BACKGROUND, BACKGROUND)

  it('are those of the background that cost most, three for each row that matches', () => {
    expect(hardNegatives(matches, [1, 9, 4, 9, 3, 0, 2])).toEqual([2, 4, 6])
    expect(hardNegatives(matches, [1, 9, 4, 9, 3, 0, 2], 1)).toEqual([2])
  })

  it('are the first of those that cost the same, and none where nothing matches', () => {
    expect(hardNegatives(matches, Array(7).fill(1))).toEqual([0, 2, 4])
    expect(hardNegatives(Int32Array.of(BACKGROUND, BACKGROUND), [1, 2])).toEqual([])
  })
})

it('the likeliest anchors come with their own probabilities and deltas, for every class', () => {
  const anchors = Float32Array.from({ length: 12 }, (_, i) => i)
  // Of three anchors, background and two classes.
  const probabilities = Float32Array.of(0.9, 0.5, 0.2, 0.1, 0.3, 0, 0, 0.2, 0.8)
  const deltas = Float32Array.from({ length: 12 }, (_, i) => 10 * Math.floor(i / 3) + (i % 3))
  const found = likeliestAnchors(anchors, probabilities, deltas, 2)
  expect([...found.regions]).toEqual([8, 9, 10, 11, 4, 5, 6, 7])
  expect([...found.probabilities]).toEqual([...Float32Array.of(0.2, 0, 0.8, 0.5, 0.3, 0.2)])
  const ofAnchor = (anchor: number) =>
    Array(3)
      .fill([anchor, 10 + anchor, 20 + anchor, 30 + anchor])
      .flat()
  expect([...found.deltas]).toEqual([...ofAnchor(2), ...ofAnchor(1)])
})
