import { describe, expect, test } from 'vitest'
import type { Box } from '../../../../nas/boxes/boxes.ts'
import { augmentBoxes, boxInImage, evaluationBoxes } from '../../../../nas/data/detection/augment.ts'
import type { DetectionSample } from '../../../../nas/data/detection/dataset.ts'
import { IMAGENET } from '../../../../nas/image-statistics.ts'
import { random } from '../../../../nas/random.ts'
import { clear } from './fixtures.ts'

const labelled = (box: Box, label = 0) => ({
  box,
  label,
  area: (box[2] - box[0]) * (box[3] - box[1]),
  ...clear,
})

/** Black, but for white rectangles, around which the boxes are. */
function scene(height: number, width: number, boxes: readonly Box[]): DetectionSample {
  const image = new Uint8Array(height * width * 3)
  for (const [left, top, right, bottom] of boxes)
    for (let y = top; y < bottom; y++) image.fill(255, (y * width + left) * 3, (y * width + right) * 3)
  return { name: 'a', height, width, image, boxes: boxes.map((box) => labelled(box)) }
}

/** Around the pixels of an input that are white rather than black; undefined where there are none. */
function whiteBox(image: Float32Array, [height, width]: readonly [number, number]): Box | undefined {
  const grey = (0.5 - IMAGENET.mean[0]!) / IMAGENET.deviation[0]!
  const white = [...image.subarray(0, height * width).entries()].filter(([, value]) => value > grey)
  if (white.length === 0) return undefined
  const xs = white.map(([pixel]) => pixel % width)
  const ys = white.map(([pixel]) => Math.floor(pixel / width))
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1]
}

const off = (a: Box, b: Box) => Math.max(...a.map((edge, i) => Math.abs(edge - b[i]!)))

describe('a training input', () => {
  const sample = scene(60, 100, [[30, 12, 62, 40]])
  const options = { scale: [0.5, 2], crop: [48, 64], flip: true } as const
  const inputs = Array.from({ length: 60 }, (_, i) => augmentBoxes(sample, options, random(i, 'test')))

  test('has its boxes around what they were around, wherever that is moved', () => {
    const found = inputs.filter(({ boxes }) => boxes.length > 0)
    expect(found.length).toBeGreaterThan(40)
    for (const { image, boxes } of found) {
      expect(image).toHaveLength(3 * 48 * 64)
      // Edges are rounded to pixels.
      expect(off(whiteBox(image, options.crop)!, boxes[0]!.box)).toBeLessThanOrEqual(0.75)
    }
    const widths = found.map(({ boxes }) => boxes[0]!.box[2] - boxes[0]!.box[0])
    expect(Math.max(...widths) / Math.min(...widths)).toBeGreaterThan(2)
  })

  test('is normalised, and has the mean colour where there is no image', () => {
    const { image } = augmentBoxes(sample, { ...options, scale: [0.5, 0.5] }, random(1, 'test'))
    expect(image.filter((value) => value === 0).length).toBeGreaterThan(image.length / 2)
    const black = -IMAGENET.mean[2]! / IMAGENET.deviation[2]!
    expect([...image].some((value) => Math.abs(value - black) < 1e-5)).toBe(true)
  })

  test('is mirrored half of the time, and never where that is not wanted', () => {
    const left = scene(48, 64, [[0, 0, 10, 48]])
    const whole = { scale: [1, 1], crop: [48, 64] } as const
    const sides = (flip: boolean) =>
      Array.from(
        { length: 200 },
        (_, i) => augmentBoxes(left, { ...whole, flip }, random(i, 'test')).boxes[0]!.box,
      )
    const mirrored = sides(true).filter(([left]) => left === 54)
    expect(mirrored.length).toBeGreaterThan(70)
    expect(mirrored.length).toBeLessThan(130)
    expect(sides(false).every(([left, , right]) => left === 0 && right === 10)).toBe(true)
  })

  test('a scale of 1 makes the image fit', () => {
    const { boxes } = augmentBoxes(
      scene(60, 100, [[0, 0, 100, 60]]),
      { ...options, scale: [1, 1] },
      random(0, 'x'),
    )
    const [left, top, right, bottom] = boxes[0]!.box
    expect([left, right - left, bottom - top]).toEqual([0, 64, 38])
    expect(top + bottom).toBeLessThanOrEqual(2 * 48)
  })

  test('loses boxes whose centre is cut off and clips the others, whose area shrinks alike', () => {
    const boxes: Box[] = [
      [0, 0, 20, 20],
      [44, 0, 60, 20],
      [70, 10, 100, 50],
    ]
    const wide = {
      ...scene(50, 100, []),
      boxes: boxes.map((box, label) => ({ ...labelled(box, label), area: 40 })),
    }
    /** What a crop of 50 columns from an offset on shows. */
    const expected = (offset: number) =>
      boxes.flatMap(([left, top, right, bottom], label) => {
        const centre = (left + right) / 2 - offset
        if (centre < 0 || centre >= 50) return []
        const [from, to] = [Math.max(left - offset, 0), Math.min(right - offset, 50)]
        const area = (40 * (to - from)) / (right - left)
        return [{ box: [from, top, to, bottom], label, area: expect.closeTo(area), ...clear }]
      })
    const offsets = Array.from({ length: 51 }, (_, offset) => offset)
    const matched = offsets.map(() => 0)
    for (let i = 0; i < 200; i++) {
      const { boxes } = augmentBoxes(wide, { scale: [2, 2], crop: [50, 50], flip: false }, random(i, 'test'))
      const all = [0, 1, 2].map((label) => boxes.find((each) => each.label === label)?.box.join())
      const offset = offsets.find((offset) => {
        const wanted = expected(offset)
        return all.every((box, label) => box === wanted.find((each) => each.label === label)?.box.join())
      })
      expect(boxes).toEqual(expected(offset!))
      matched[offset!]!++
    }
    expect(matched.filter((times) => times > 0).length).toBeGreaterThan(35)
  })

  test('loses boxes of less than a pixel', () => {
    const tiny = {
      ...scene(100, 100, []),
      boxes: [labelled([10, 10, 11.9, 60]), labelled([10, 10, 12.1, 60])],
    }
    const { boxes } = augmentBoxes(tiny, { scale: [1, 1], crop: [50, 50], flip: false }, random(0, 'test'))
    expect(boxes.map(({ box }) => box[2] - box[0])).toEqual([expect.closeTo(1.05)])
  })

  test('keeps what is known of a box', () => {
    const crowd = { ...labelled([0, 0, 50, 50], 3), crowd: true, difficult: true }
    const { boxes } = augmentBoxes(
      { ...scene(50, 50, []), boxes: [crowd] },
      { scale: [1, 1], crop: [50, 50], flip: false },
      random(0, 'test'),
    )
    expect(boxes).toEqual([crowd])
  })
})

describe('an evaluation input', () => {
  test.each([
    [60, 100, [38, 64]],
    [100, 60, [48, 29]],
    [24, 32, [48, 64]],
    [30, 20, [48, 32]],
  ] as const)(
    'of an image of %dx%d holds all of it in %j, at the upper left',
    (height, width, [high, wide]) => {
      const box: Box = [Math.floor(width / 4), 2, width - 3, height - 1]
      const { image, boxes, scales } = evaluationBoxes(scene(height, width, [box]), [48, 64])
      expect(scales).toEqual([high / height, wide / width])
      expect(off(whiteBox(image, [48, 64])!, boxes[0]!.box)).toBeLessThanOrEqual(0.75)
      const isPadding = (y: number, x: number) => image[y * 64 + x] === 0
      for (let y = 0; y < 48; y++)
        for (let x = 0; x < 64; x++) expect(isPadding(y, x)).toBe(y >= high || x >= wide)
    },
  )

  test('has all boxes, and what is found there is taken back to the image', () => {
    const boxes: Box[] = [
      [0, 0, 0.5, 0.5],
      [3.25, 7, 1000, 667],
    ]
    const sample = { ...scene(667, 1000, []), boxes: boxes.map((box) => labelled(box)) }
    const input = evaluationBoxes(sample, [256, 256])
    const back = input.boxes.map(({ box }) => boxInImage(box, input.scales, sample))
    for (const [i, box] of back.entries()) expect(off(box, boxes[i]!)).toBeLessThan(1e-9)
    expect(boxInImage([-5, 3, 300, 300], [0.5, 0.25], { height: 500, width: 1000 })).toEqual([
      0, 6, 1000, 500,
    ])
    const { area, box } = input.boxes[1]!
    expect(area).toBeCloseTo((box[2] - box[0]) * (box[3] - box[1]), 6)
  })
})
