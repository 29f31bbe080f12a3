import { describe, expect, it } from 'vitest'
import type { Pixels } from '../../../../nas/data/dataset.ts'
import { boxColours, drawBoxes, LEAST_DRAWN } from '../../../../nas/data/detection/draw.ts'

const GREY = 90
const image: Pixels = { height: 60, width: 80, data: new Uint8Array(60 * 80 * 3).fill(GREY) }
const colours = boxColours(3)

const at = ({ width, data }: Pixels, x: number, y: number) => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
]
const grey = [GREY, GREY, GREY]

describe('drawBoxes', () => {
  it('draws true boxes in dashes of white and black, within their edges', () => {
    const picture = drawBoxes(image, [[10, 20, 50, 40]], [], colours)
    const along = Array.from({ length: 40 }, (_, i) => at(picture, 10 + i, 20)[0])
    expect(along).toEqual(Array.from({ length: 40 }, (_, i) => (Math.floor(i / 6) % 2 === 0 ? 255 : 0)))
    expect(at(picture, 9, 20)).toEqual(grey)
    expect(at(picture, 49, 39)).not.toEqual(grey)
    expect(at(picture, 50, 39)).toEqual(grey)
    expect(at(picture, 30, 30)).toEqual(grey)
  })

  it('draws what was found inside of that, so that both are seen where they agree', () => {
    const box = [10, 20, 50, 40] as const
    const picture = drawBoxes(image, [box], [{ box, label: 1, score: 0.9 }], colours)
    expect(at(picture, 10, 30)[0]! % 255).toBe(0)
    expect(at(picture, 12, 30)).toEqual(colours[1])
    expect(at(picture, 47, 30)).toEqual(colours[1])
  })

  it('draws the score in per cent as digits', () => {
    const picture = drawBoxes(image, [], [{ box: [10, 30, 70, 50], label: 0, score: 0.174 }], colours)
    expect(picture.data).toEqual(image.data)
    const drawn = drawBoxes(image, [], [{ box: [10, 30, 70, 50], label: 0, score: 0.714 }], colours)
    // 7 and 1, of dots of 2x2 pixels, on a patch above the box.
    const rows = Array.from({ length: 5 }, (_, row) =>
      Array.from({ length: 7 }, (_, column) =>
        at(drawn, 12 + 2 + 2 * column, 18 + 2 + 2 * row)[0] === 0 ? '#' : '.',
      ).join(''),
    )
    expect(rows).toEqual(['###..#.', '..#.##.', '..#..#.', '..#..#.', '..#.###'])
  })

  it('leaves out what is hardly likely, and draws the likeliest last', () => {
    const box = [10, 20, 50, 40] as const
    const found = [
      { box, label: 0, score: 0.9 },
      { box, label: 1, score: 0.5 },
      { box: [60, 20, 75, 40] as const, label: 2, score: LEAST_DRAWN - 0.01 },
    ]
    const picture = drawBoxes(image, [], found, colours)
    expect(at(picture, 12, 30)).toEqual(colours[0])
    expect(at(picture, 62, 30)).toEqual(grey)
  })

  it('stays within the image, and leaves the one that it was given alone', () => {
    const box = [-20, -20, 200, 200] as const
    const picture = drawBoxes(image, [box], [{ box, label: 0, score: 1 }], colours)
    expect(picture.data).toHaveLength(image.data.length)
    expect(at(picture, 79, 59)).not.toEqual(grey)
    expect(image.data.every((value) => value === GREY)).toBe(true)
  })
})

describe('boxColours', () => {
  it('are all different, and bright enough for black digits', () => {
    const many = boxColours(80)
    expect(new Set(many.map(String)).size).toBe(80)
    // WCAG 2: contrast with black is (L + 0.05) / 0.05, of which 4.5 is enough to read.
    const linear = (value: number) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    }
    for (const [r, g, b] of many)
      expect(0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)).toBeGreaterThan(0.175)
  })
})
