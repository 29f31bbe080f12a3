import { expect, test } from 'vitest'
import { figure, newCanvas, rectangle } from '../../../../nas/data/street/canvas.ts'
import { CAR, PERSON, TREE } from '../../../../nas/data/street/classes.ts'
import { outlinesOf } from '../../../../nas/data/street/outlines.ts'

const canvas = () => newCanvas(40, 60, [0, 0, 0])
const ink = (label: number) => ({ label, colour: [1, 1, 1] as const, light: 1, clear: 1 })
type Painted = ReturnType<typeof canvas>
const car = (on: Painted, x1: number, y1: number, x2: number, y2: number) =>
  figure(on, 'car', () => rectangle(on, [x1, y1], [x2, y2], ink(CAR)))

test('a box is around what nearer things leave to be seen, and its area is that', () => {
  const on = canvas()
  car(on, 10, 10, 30, 20)
  figure(on, 'person', () => rectangle(on, [25, 5], [35, 25], ink(PERSON)))
  rectangle(on, [0, 0], [14, 40], ink(TREE))
  expect(outlinesOf(on)).toEqual([
    { kind: 'car', box: [14, 10, 25, 20], area: 110 },
    { kind: 'person', box: [25, 5, 35, 25], area: 200 },
  ])
})

test('a figure is one thing, though it is painted in parts and seen in parts', () => {
  const on = canvas()
  figure(on, 'car', () => {
    rectangle(on, [10, 10], [40, 20], ink(CAR))
    rectangle(on, [10, 10], [40, 20], ink(CAR))
  })
  rectangle(on, [20, 0], [30, 40], ink(TREE))
  expect(outlinesOf(on)).toEqual([{ kind: 'car', box: [10, 10, 40, 20], area: 200 }])
})

test('of which less than 16 pixels or three tenths can be seen has no box', () => {
  const covered = (right: number) => {
    const on = canvas()
    car(on, 0, 0, 20, 10)
    rectangle(on, [0, 0], [right, 40], ink(TREE))
    return outlinesOf(on).length
  }
  expect([covered(14), covered(15)]).toEqual([1, 0])
  const [large, small] = [canvas(), canvas()]
  car(large, 0, 0, 4, 4)
  car(small, 0, 0, 5, 3)
  expect([outlinesOf(large).length, outlinesOf(small).length]).toEqual([1, 0])
})

test('what the picture cuts off is not taken for hidden', () => {
  const on = canvas()
  car(on, 55, 10, 200, 20)
  expect(outlinesOf(on)).toEqual([{ kind: 'car', box: [55, 10, 60, 20], area: 50 }])
})
