import { expect, test } from 'vitest'
import type { Files } from '../memory.ts'
import { picture, text } from '../memory.ts'
import { clear, json, open } from './fixtures.ts'

const image = picture(720, 1280)
const box2d = { x1: 10, y1: 20, x2: 30.5, y2: 60 }
const BOX = [10, 20, 30.5, 60]
const label = (category: string, more: object = { box2d }) => ({ category, id: 1, attributes: {}, ...more })

/** As the files of 2018 are, with old names. */
const old = [
  {
    name: 'a.jpg',
    attributes: { weather: 'clear' },
    timestamp: 10000,
    labels: [
      label('person'),
      label('lane', { poly2d: [{ vertices: [[1, 2]], types: 'L', closed: false }] }),
      label('drivable area', { poly2d: [] }),
      label('motor'),
      label('bike'),
      label('traffic light'),
    ],
  },
]
/** As those of 2020 are. */
const recent = [
  {
    name: 'b.jpg',
    labels: [label('pedestrian'), label('other vehicle'), label('other person'), label('trailer')],
  },
  { name: 'c.jpg', labels: null },
  { name: 'd.jpg' },
]
const files: Files = {
  'images/100k/train/a.jpg': image,
  'images/100k/val/b.jpg': image,
  'images/100k/val/c.jpg': image,
  'images/100k/val/d.jpg': image,
  'labels/bdd100k_labels_images_train.json': json(old),
  'labels/det_20/det_val.json': json(recent),
}
const bdd = (more: Files = {}) => open({ kind: 'bdd100k' }, { ...files, ...more })

test('both releases are read, under the names of today; lanes and areas are no boxes', async () => {
  const { classes, train, boxesOf } = await bdd()
  expect(classes).toHaveLength(10)
  const boxes = await boxesOf(train[0]!)
  expect(boxes.map(({ label }) => classes[label])).toEqual([
    'pedestrian',
    'motorcycle',
    'bicycle',
    'traffic light',
  ])
  expect(boxes[0]).toEqual({ box: BOX, label: 0, area: 820, ...clear })
})

test('what the benchmark ignores is neither to be found nor wrong', async () => {
  const { classes, validation, boxesOf, warnings } = await bdd()
  const boxes = await boxesOf(validation[0]!)
  expect(boxes.map(({ label, crowd }) => [classes[label], crowd])).toEqual([
    ['pedestrian', false],
    ['car', true],
    ['pedestrian', true],
    ['truck', true],
  ])
  expect(warnings.at(-1)).toMatch(/^2 of 3 validation images have no box/)
})

test('unknown categories, other sizes and missing or repeated files are errors', async () => {
  const withLabels = (labels: readonly object[]) =>
    bdd({ 'labels/det_20/det_val.json': json([{ name: 'b.jpg', labels }]) })
  await expect(withLabels([label('cow')])).rejects.toThrow(
    'det_val.json: b.jpg: label 0 is of "cow", which is none of the classes',
  )
  await expect(withLabels([label('toString')])).rejects.toThrow('is of "toString"')
  await expect(bdd({ 'images/100k/val/b.jpg': picture(10, 10) })).rejects.toThrow('b.jpg says 720x1280')
  await expect(bdd({ 'labels/det_20/det_val.json': json([...recent, recent[0]]) })).rejects.toThrow(
    'det_val.json has image b.jpg twice',
  )
  await expect(bdd({ 'labels/det_20/det_val.json': text('{}') })).rejects.toThrow('det_val.json has no array')
  const { 'labels/det_20/det_val.json': _, ...rest } = files
  await expect(open({ kind: 'bdd100k' }, rest)).rejects.toThrow(
    'there is no data/labels/bdd100k_labels_images_val.json or data/labels/det_20/det_val.json',
  )
})
