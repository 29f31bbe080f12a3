import { expect, test } from 'vitest'
import { countTopformer } from '../../../../nas/nets/topformer/count.ts'
import { TOPFORMERS } from '../../../../nas/nets/topformer/known.ts'
import { scaledTopformer, widthOf } from '../../../../nas/spaces/topformer/scaled.ts'

const task = { size: [512, 512], classes: 150 } as const
const costOf = (width: number) =>
  countTopformer(scaledTopformer(width, false), [3, 512, 512], 150).multiplyAdds

test('TopFormer-B of width 1 is TopFormer-B', () => {
  expect(scaledTopformer(1, false)).toEqual(TOPFORMERS['topformer-b'])
  expect(costOf(widthOf(costOf(1), 'multiplyAdds', task))).toBe(costOf(1))
})

test('the width is that of the nearest network, of all multiples of 1/64', () => {
  const widths = Array.from({ length: 128 }, (_, i) => (i + 1) / 64)
  for (const wanted of [2e8, 9e8, 1.2e9]) {
    const distance = (width: number) => Math.abs(Math.log(costOf(width) / wanted))
    const nearest = widths.reduce((a, b) => (distance(b) < distance(a) ? b : a))
    expect(distance(widthOf(wanted, 'multiplyAdds', task))).toBeCloseTo(distance(nearest), 12)
  }
})
