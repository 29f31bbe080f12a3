import { describe, expect, it } from 'vitest'
import { anchorsOf, FPN_ANCHORS } from '../../../nas/boxes/anchors.ts'
import { type Box, boxAt, clip, pick, rowsOf } from '../../../nas/boxes/boxes.ts'
import { decode, encode, HEAD_WEIGHTS, LARGEST_LOG_RATIO, RPN_WEIGHTS } from '../../../nas/boxes/deltas.ts'
import { iou } from '../../../nas/boxes/iou.ts'
import { ANCHOR_MATCH, BACKGROUND, BETWEEN, match, REGION_MATCH } from '../../../nas/boxes/match.ts'
import { proposalsOf } from '../../../nas/boxes/proposals.ts'
import { sample } from '../../../nas/boxes/sample.ts'
import { suppress } from '../../../nas/boxes/suppress.ts'
import { random } from '../../../nas/random.ts'

const randomBoxes = (name: string, count: number) => {
  const stream = random(0, name)
  return rowsOf(
    Array.from({ length: count }, (): Box => {
      const [x, y] = [stream.uniform() * 80, stream.uniform() * 60]
      return [x, y, x + 4 + stream.uniform() * 40, y + 4 + stream.uniform() * 40]
    }),
  )
}

describe('boxes', () => {
  it('overlap by their areas', () => {
    const boxes = rowsOf([
      [0, 0, 4, 4],
      [2, 2, 6, 6],
      [4, 0, 8, 4],
      [1, 1, 1, 3],
    ])
    expect(iou(boxes, 0, boxes, 1)).toBeCloseTo(4 / 28, 12)
    expect(iou(boxes, 0, boxes, 0)).toBe(1)
    expect(iou(boxes, 0, boxes, 2)).toBe(0)
    expect(iou(boxes, 3, boxes, 3)).toBe(0)
  })

  it('are clipped to the image', () => {
    const boxes = rowsOf([[-3, 5, 90, 200]])
    clip(boxes, 60, 80)
    expect(boxAt(boxes, 0)).toEqual([0, 5, 80, 60])
  })

  it.each([RPN_WEIGHTS, HEAD_WEIGHTS])('come back from deltas that are weighted by %j', (...weights) => {
    const [from, to] = [randomBoxes('from', 20), randomBoxes('to', 20)]
    const [deltas, back] = [new Float32Array(4), new Float32Array(80)]
    for (let i = 0; i < 20; i++) {
      encode(deltas, 0, from, i, to, i, weights)
      decode(back, i, from, i, [deltas[0]!, deltas[1]!, deltas[2]!, deltas[3]!], weights)
    }
    expect(Math.max(...back.map((x, i) => Math.abs(x - to[i]!)))).toBeLessThan(1e-4)
  })

  it('grow by no more than the largest ratio, however large a delta is', () => {
    const boxes = new Float32Array(4)
    decode(boxes, 0, rowsOf([[0, 0, 16, 16]]), 0, [0, 0, 1000, LARGEST_LOG_RATIO], RPN_WEIGHTS)
    expect([...boxes].map(Math.round)).toEqual([-492, -492, 508, 508])
  })
})

describe('anchors', () => {
  it('lie around the centres of places, ratio by ratio, then row by row', () => {
    const anchors = anchorsOf({ stride: 16, height: 2, width: 3 }, FPN_ANCHORS)
    expect(anchors.length).toBe(4 * 3 * 2 * 3)
    // The second place of the second row, as high as wide: 128 pixels around (24, 24).
    expect(boxAt(anchors, 6 + 3 + 1)).toEqual([-40, -40, 88, 88])
    const [left, top, right, bottom] = boxAt(anchors, 0)
    expect((bottom - top) / (right - left)).toBeCloseTo(0.5, 6)
    expect((bottom - top) * (right - left)).toBeCloseTo(128 ** 2, 1)
  })
})

describe('suppression', () => {
  it('keeps, of boxes that overlap, the likelier one, and of equal ones the first', () => {
    const boxes = rowsOf([
      [0, 0, 10, 10],
      [1, 0, 11, 10],
      [20, 0, 30, 10],
      [20, 0, 30, 10],
    ])
    expect(suppress(boxes, [0.5, 0.9, 0.7, 0.7], 0.5)).toEqual([1, 2])
    expect(suppress(boxes, [0.5, 0.9, 0.7, 0.7], 0.9)).toEqual([1, 2, 0])
    expect(suppress(boxes, [0.5, 0.9, 0.7, 0.7], 0.9, 2)).toEqual([1, 2])
  })

  it('leaves no two boxes that overlap too much, and drops none without such a likelier one', () => {
    const boxes = randomBoxes('nms', 60)
    const scores = Array.from({ length: 60 }, (_, i) => ((i * 37) % 60) / 60)
    const kept = suppress(boxes, scores, 0.4)
    const clash = (i: number) =>
      kept.find((j) => j !== i && scores[j]! >= scores[i]! && iou(boxes, i, boxes, j) > 0.4)
    for (let i = 0; i < 60; i++) expect(clash(i) === undefined).toBe(kept.includes(i))
  })
})

describe('matching', () => {
  const truths = rowsOf([
    [0, 0, 10, 10],
    [40, 40, 60, 60],
  ])
  const rows = rowsOf([
    [0, 0, 10, 9],
    [0, 0, 10, 5],
    [100, 100, 110, 110],
    [45, 45, 75, 75],
  ])

  it('tells positive from background by thresholds, and what lies between trains nothing', () => {
    expect([...match(rows, truths, { ...ANCHOR_MATCH, eachTruth: false })]).toEqual([
      0,
      BETWEEN,
      BACKGROUND,
      BACKGROUND,
    ])
    expect([...match(rows, truths, REGION_MATCH)]).toEqual([0, 0, BACKGROUND, BACKGROUND])
  })

  it('gives each truth the anchors that overlap it most', () => {
    expect([...match(rows, truths, ANCHOR_MATCH)]).toEqual([0, BETWEEN, BACKGROUND, 1])
  })

  it('is all background without truths', () => {
    expect([...match(rows, rowsOf([]), ANCHOR_MATCH)]).toEqual([-1, -1, -1, -1])
  })
})

describe('sampling', () => {
  const matches = Int32Array.from({ length: 100 }, (_, i) => (i < 30 ? 0 : i < 40 ? BETWEEN : BACKGROUND))

  it('takes at most a part of positive ones and fills up with background', () => {
    const { positive, negative } = sample(matches, { size: 40, positive: 0.25 }, random(0, 'sample'))
    expect([positive.length, negative.length]).toEqual([10, 30])
    expect(positive.every((i) => i < 30)).toBe(true)
    expect(negative.every((i) => i >= 40)).toBe(true)
    expect(new Set(negative).size).toBe(30)
  })

  it('takes what there is', () => {
    const few = sample(matches, { size: 400, positive: 0.5 }, random(0, 'sample'))
    expect([few.positive.length, few.negative.length]).toEqual([30, 60])
  })

  it('takes each row equally often', () => {
    const taken = new Array<number>(100).fill(0)
    for (let draw = 0; draw < 600; draw++)
      for (const row of sample(matches, { size: 40, positive: 0.25 }, random(draw, 'sample')).positive)
        taken[row] = taken[row]! + 1
    for (const count of taken.slice(0, 30)) expect(Math.abs(count - 200)).toBeLessThan(60)
  })
})

describe('proposals', () => {
  it('are the likeliest anchors of all levels, moved, clipped and without those that overlap', () => {
    const anchors = anchorsOf({ stride: 8, height: 4, width: 4 }, { scale: 2, ratios: [1] })
    const objectness = new Float32Array(16).map((_, i) => 20 - i)
    const deltas = new Float32Array(64)
    // The first anchor moves to the right by its width.
    deltas[0] = 1
    const options = { perLevel: 6, most: 3, threshold: 0.35 }
    const levels = [{ objectness, deltas, anchors, places: 16 }]
    const { boxes, scores } = proposalsOf(levels, { height: 32, width: 32 }, options)
    expect(boxAt(boxes, 0)).toEqual([12, 0, 28, 12])
    expect([...scores]).toEqual([20, 19, 16])
    expect(pick(boxes, [1])).toEqual(rowsOf([[4, 0, 20, 12]]))
  })
  it('are the likeliest of a level, of equals the first', () => {
    const stream = random(0, 'likeliest')
    const anchors = randomBoxes('likeliest', 60)
    clip(anchors, 60, 80)
    const objectness = Float32Array.from({ length: 60 }, () => stream.integer(5))
    const levels = [{ objectness, deltas: new Float32Array(240), anchors, places: 20 }]
    const options = { perLevel: 17, most: 17, threshold: 1 }
    const ordered = [...objectness.keys()].sort((i, j) => objectness[j]! - objectness[i]! || i - j)
    const { boxes } = proposalsOf(levels, { height: 60, width: 80 }, options)
    const expected = pick(anchors, ordered.slice(0, 17))
    expect(boxes).toHaveLength(expected.length)
    for (const [i, side] of boxes.entries()) expect(side).toBeCloseTo(expected[i]!, 4)
  })
})
