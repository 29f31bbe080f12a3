import { describe, expect, test } from 'vitest'
import { type Files, picture, text } from '../memory.ts'
import { clear, json, open } from './fixtures.ts'

const images = [
  { id: 139, file_name: 'b.png', height: 10, width: 20 },
  { id: 7, file_name: 'sub/a.png', height: 8, width: 8, licence: 1 },
]
const categories = [
  { id: 90, name: 'toothbrush', supercategory: 'indoor' },
  { id: 1, name: 'person' },
]
const annotations = [
  {
    id: 5,
    image_id: 139,
    category_id: 90,
    bbox: [1.5, 2, 10, 4],
    area: 12.5,
    iscrowd: 0,
    segmentation: [[1, 2, 3]],
  },
  {
    id: 6,
    image_id: 139,
    category_id: 1,
    bbox: [0, 0, 20, 10],
    iscrowd: 1,
    segmentation: { counts: [1], size: [1, 1] },
  },
  { id: 9, image_id: 7, category_id: 1, bbox: [0, 0, 2, 3] },
]
const train = { info: { note: '"]}' }, images, annotations, categories }
const val = {
  annotations: [{ id: 1, image_id: 1, category_id: 2, bbox: [0, 0, 4, 4] }],
  images: [{ id: 1, file_name: 'c.png', height: 4, width: 5 }],
  categories: [{ id: 2, name: 'person' }],
}
const TRAIN = 'annotations/instances_train2017.json'
const files: Files = {
  [TRAIN]: json(train),
  'annotations/instances_val2017.json': json(val),
  'train2017/b.png': picture(10, 20),
  'train2017/sub/a.png': picture(8, 8),
  'val2017/c.png': picture(4, 5),
}
const coco = (more: Files = {}, config: object = {}) =>
  open({ kind: 'coco', ...config }, { ...files, ...more })
const withTrain = (changes: object) => coco({ [TRAIN]: json({ ...train, ...changes }) })

test('boxes are corner and size, categories have the order of their ids, which may have gaps', async () => {
  const dataset = await coco()
  expect(dataset.classes).toEqual(['person', 'toothbrush'])
  expect(dataset.train.map(({ name }) => name)).toEqual(['b.png', 'sub/a.png'])
  const { boxes, height, width } = await dataset.load(dataset.train[0]!)
  expect([height, width]).toEqual([10, 20])
  expect(boxes).toEqual([
    { box: [1.5, 2, 11.5, 6], label: 1, area: 12.5, ...clear },
    { box: [0, 0, 20, 10], label: 0, area: 200, crowd: true, difficult: false },
  ])
  // Categories are the same by name, whatever their ids.
  expect(await dataset.boxesOf(dataset.validation[0]!)).toEqual([
    { box: [0, 0, 4, 4], label: 0, area: 16, ...clear },
  ])
  const { counts, extent } = await dataset.measure()
  expect(counts?.train.classes).toEqual([1, 1])
  const sizes = await Promise.all([...dataset.train, ...dataset.validation].map(dataset.load))
  expect(extent!.pixels).toBe(sizes.reduce((sum, { height, width }) => sum + height * width, 0))
})

test('images are found in both forms of Unicode, and have their own size where the file tells none', async () => {
  const [composed, decomposed] = ['é.png'.normalize('NFC'), 'é.png'.normalize('NFD')]
  const { validation, load } = await coco({
    'annotations/instances_val2017.json': json({ ...val, images: [{ id: 1, file_name: composed }] }),
    [`val2017/${decomposed}`]: picture(6, 7),
  })
  expect(await load(validation[0]!)).toMatchObject({ height: 6, width: 7, boxes: [{ box: [0, 0, 4, 4] }] })
})

test('folders and files can be named, and a test split', async () => {
  const moved: Files = {
    'x/labels.json': json(val),
    'x/c.png': picture(4, 5),
    'y/labels.json': json(val),
    'y/c.png': picture(5, 4),
  }
  const place = (folder: string) => ({ images: `${folder}/`, annotations: `./${folder}/labels.json` })
  expect(() => coco(moved, { validation: place('x'), test: place('x') })).toThrow(
    'these are the validation images',
  )
  const apart = coco(moved, { validation: place('x'), test: place('y') })
  await expect(apart).rejects.toThrow('data/y/c.png is 5x4, data/y/labels.json says 4x5')
  const right = await coco(
    { ...moved, 'y/c.png': picture(4, 5) },
    { validation: place('x'), test: place('y') },
  )
  expect(right.test).toEqual([{ split: 'test', name: 'c.png' }])
})

describe('an error is', () => {
  test.each([
    [{ images: [images[0]] }, 'annotation 9 is of image 7, which the file does not have'],
    [{ categories: [categories[0]] }, 'annotation 6 is of category 1, which the file does not have'],
    [{ images: [...images, { ...images[0], file_name: 'z.png' }] }, 'has image 139 twice'],
    [{ images: [...images, { ...images[0], id: 1 }] }, 'has image b.png twice'],
    [{ categories: [...categories, { id: 1, name: 'x' }] }, 'has category 1 twice'],
    [{ categories: [...categories, { id: 2, name: 'person' }] }, 'has category person twice'],
    [{ annotations: [annotations[0], annotations[0]] }, 'has annotation 5 twice'],
    [{ annotations: [{ ...annotations[0], bbox: [1, 2, 3] }] }, 'annotations[0].bbox'],
    [{ annotations: [{ ...annotations[0], bbox: [5, 5, -2, 2] }] }, 'annotation 5 has an inverted box'],
    [
      { annotations: [{ ...annotations[0], bbox: [25, 5, 2, 2] }] },
      'annotation 5 has a box from (25, 5) to (27, 7)',
    ],
    [
      { images: [{ ...images[0], file_name: '../b.png' }, images[1]] },
      'names image ../b.png, which lies outside of train2017',
    ],
    [{ images: undefined }, 'has no array `images`'],
  ])('%j', async (changes, message) => {
    await expect(withTrain(changes)).rejects.toThrow(message)
  })

  test('a file that is missing, or ends too soon, and an image that is missing', async () => {
    const { [TRAIN]: whole, ...rest } = files
    await expect(open({ kind: 'coco' }, rest)).rejects.toThrow(`there is no data/${TRAIN}`)
    await expect(coco({ [TRAIN]: whole!.subarray(0, 300) })).rejects.toThrow('is no JSON, or ends too soon')
    const { 'train2017/sub/a.png': _, ...others } = files
    await expect(open({ kind: 'coco' }, others)).rejects.toThrow('image data/train2017/sub/a.png is missing')
    await expect(coco({ [TRAIN]: text('[]') })).rejects.toThrow(`data/${TRAIN} has no array \`categories\``)
  })

  test('a box of a class that is not named', async () => {
    await expect(coco({}, { classes: ['toothbrush'] })).rejects.toThrow(
      'is of "person", which is none of the classes',
    )
    expect((await coco({}, { classes: ['toothbrush', 'person', 'ghost'] })).classes).toHaveLength(3)
  })
})
