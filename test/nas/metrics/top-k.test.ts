import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countTopK, NO_IMAGES } from '../../../nas/metrics/top-k.ts'

const batches = fc
  .record({ classes: fc.integer({ min: 2, max: 9 }), images: fc.integer({ min: 1, max: 6 }) })
  .chain(({ classes, images }) =>
    fc.record({
      classes: fc.constant(classes),
      // Few values, so that ties occur.
      logits: fc.array(fc.integer({ min: -3, max: 3 }), {
        minLength: images * classes,
        maxLength: images * classes,
      }),
      labels: fc.array(fc.nat(classes - 1), { minLength: images, maxLength: images }),
    }),
  )

test('counts agree with sorting the classes by logit, the lower index first among equals', () => {
  fc.assert(
    fc.property(batches, ({ classes, logits, labels }) => {
      const places = labels.map((label, n) => {
        const row = logits.slice(n * classes, (n + 1) * classes)
        const order = [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b)
        return order.indexOf(label)
      })
      expect(countTopK(NO_IMAGES, logits, labels, classes)).toEqual({
        images: labels.length,
        top1: places.filter((place) => place === 0).length,
        top5: places.filter((place) => place < 5).length,
      })
    }),
  )
})

test('batches add up', () => {
  const logits = [0, 1, 2, 5, 4, 3]
  const first = countTopK(NO_IMAGES, logits.slice(0, 3), [2], 3)
  expect(countTopK(first, logits.slice(3), [1], 3)).toEqual(countTopK(NO_IMAGES, logits, [2, 1], 3))
})

test('rows beyond the labels fill up a batch and count for nothing', () => {
  expect(countTopK(NO_IMAGES, [9, 1, 9, 1], [0], 2)).toEqual({ images: 1, top1: 1, top5: 1 })
})

test('a diverged network finds nothing', () => {
  const logits = Array(6).fill(Number.NaN)
  expect(countTopK(NO_IMAGES, logits, [0], 6)).toEqual({ images: 1, top1: 0, top5: 0 })
})

describe('what cannot be counted is refused', () => {
  test.each([
    ['too few logits', [1, 2, 3], [0, 1]],
    ['a label beyond the classes', [1, 2], [2]],
    ['a label below 0', [1, 2], [-1]],
  ])('%s', (_, logits, labels) => {
    expect(() => countTopK(NO_IMAGES, logits, labels, 2)).toThrow(RangeError)
  })
})
