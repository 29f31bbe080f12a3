import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paletteFor } from '../../../nas/data/palette.ts'

const CAMVID = [
  'sky',
  'building',
  'pole',
  'road',
  'pavement',
  'tree',
  'signsymbol',
  'fence',
  'car',
  'pedestrian',
  'bicyclist',
]

describe('paletteFor', () => {
  it('draws street classes in the Cityscapes colours, however the name is spelled', () => {
    expect(paletteFor(['road', 'Traffic Light', 'sky'])).toEqual([
      [128, 64, 128],
      [250, 170, 30],
      [70, 130, 180],
    ])
  })

  it('knows every CamVid class', () => {
    const alone = CAMVID.map((name) => paletteFor([name])[0])
    expect(paletteFor(CAMVID)).toEqual(alone)
  })

  it('tells two names for the same thing apart', () => {
    const [tree, vegetation] = paletteFor(['tree', 'vegetation'])
    expect(tree).toEqual([107, 142, 35])
    expect(vegetation).not.toEqual(tree)
  })

  it('gives every class its own 8-bit colour, for any names and up to 256 classes', () => {
    const names = fc.oneof(
      fc.constantFrom(...CAMVID),
      fc.string(),
      fc.constantFrom('constructor', '__proto__'),
    )
    fc.assert(
      fc.property(fc.uniqueArray(names, { maxLength: 256 }), (classes) => {
        const colours = paletteFor(classes)
        expect(new Set(colours.map(String)).size).toBe(classes.length)
        for (const channel of colours.flat()) expect(channel).toSatisfy((c: number) => c >= 0 && c <= 255)
      }),
      { numRuns: 50 },
    )
  })

  it('keeps unknown classes well apart while there are few of them', () => {
    const colours = paletteFor(['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'])
    for (const [i, a] of colours.entries())
      for (const b of colours.slice(0, i))
        expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(100)
  })
})
