import { expect, test } from 'vitest'
import { cocoIou, iou } from '../../../../nas/metrics/detection/iou.ts'
import { bboxOf } from './fixture.ts'

test('IoU is the shared area over that of both; boxes that only touch, or have no area, share none', () => {
  expect(iou([0, 0, 10, 10], [5, 0, 15, 10])).toBe(1 / 3)
  expect(iou([0, 0, 10, 10], [10, 0, 20, 10])).toBe(0)
  expect(iou([0, 0, 10, 10], [20, 20, 30, 30])).toBe(0)
  expect(iou([5, 5, 5, 5], [5, 5, 5, 5])).toBe(0)
  expect(cocoIou(bboxOf([0, 0, 10, 10]), bboxOf([20, 20, 10, 10]), false)).toBe(0)
  expect(cocoIou(bboxOf([5, 5, 0, 0]), bboxOf([5, 5, 0, 0]), true)).toBe(0)
})

test('of a crowd it is the share of the detection that lies in it', () => {
  const [detection, truth] = [bboxOf([5, 0, 10, 10]), bboxOf([0, 0, 10, 100])]
  expect(cocoIou(detection, truth, true)).toBe(0.5)
  expect(cocoIou(detection, truth, false)).toBe(50 / 1050)
})

test('widths are not taken from edges, whose rounding would move an IoU of 0.5 below that', () => {
  // 5.1 + 0.2 - 5.1 is 0.20000000000000018.
  const wide = cocoIou(bboxOf([5.1, 0, 0.2, 1]), bboxOf([5.1, 0, 0.2, 2]), false)
  expect(wide).not.toBe(iou([5.1, 0, 5.1 + 0.2, 1], [5.1, 0, 5.1 + 0.2, 2]))
})
