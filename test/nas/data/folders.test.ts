import { describe, expect, test } from 'vitest'
import { datasetConfig } from '../../../nas/data/config.ts'
import { openDataset } from '../../../nas/data/open.ts'
import { type Files, mask, memory, picture, text } from './memory.ts'

const open = (files: Files, more: object = {}) =>
  openDataset(
    datasetConfig.parse({ kind: 'folders', path: 'data', classes: 3, ...more }),
    memory(files, 'data'),
  )

const camvid: Files = {
  'classes.txt': text('sky\r\nroad\r\ncar\r\n\r\n'),
  'images/train/b.png': picture(2, 2),
  'images/train/a.png': picture(2, 2),
  'images/train/._a.png': text('left by a Mac'),
  'images/train/Thumbs.db': text('left by Windows'),
  'images/val/c.png': picture(2, 2),
  'annotations/train/a.png': mask([
    [0, 1],
    [2, 11],
  ]),
  'annotations/train/b.png': mask([
    [0, 1],
    [2, 11],
  ]),
  'annotations/val/c.png': mask([
    [1, 1],
    [2, 2],
  ]),
}

describe('the CamVid layout', () => {
  const config = { classes: 'classes.txt', ignoreLabel: 11 }

  test('is found without naming folders; samples come sorted, void pixels as 255', async () => {
    const dataset = await open(camvid, config)
    expect(dataset.classes).toEqual(['sky', 'road', 'car'])
    expect(dataset.train.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(dataset.validation).toEqual([{ split: 'validation', name: 'c' }])
    const sample = await dataset.load(dataset.train[0]!)
    expect(sample).toMatchObject({ name: 'a', height: 2, width: 2 })
    expect([...sample.labels]).toEqual([0, 1, 2, 255])
    expect([...sample.image]).toEqual([0, 0, 0, 1, 2, 3, 2, 4, 6, 3, 6, 9])
  })

  test('a class file that is missing or empty is named', async () => {
    await expect(open(camvid, { classes: 'names.txt' })).rejects.toThrow('there is no data/names.txt')
    const files = { ...camvid, 'classes.txt': text('\n') }
    await expect(open(files, config)).rejects.toThrow('data/classes.txt names 0 classes')
  })
})

test('the ADE20K layout: 0 counts for nothing, 1 is the first class', async () => {
  const dataset = await open(
    {
      'images/training/t.png': picture(1, 4),
      'images/validation/v.png': picture(1, 4),
      'annotations/training/t.png': mask([[0, 1, 2, 3]]),
      'annotations/validation/v.png': mask([[3, 3, 0, 255]]),
    },
    { zeroIsIgnored: true },
  )
  expect([...(await dataset.load(dataset.train[0]!)).labels]).toEqual([255, 0, 1, 2])
  expect([...(await dataset.load(dataset.validation[0]!)).labels]).toEqual([2, 2, 255, 255])
  expect(dataset.classes).toEqual(['class 0', 'class 1', 'class 2'])
})

test('folders with other names, nested folders and upper-case extensions work', async () => {
  const train = { images: 'photos', labels: 'masks/' }
  const files = {
    'photos/city/x.PNG': picture(1, 1),
    'masks/city/x.png': mask([[2]]),
  }
  const dataset = await open(files, { train, validation: train, classes: ['a', 'b', 'c'] })
  expect(dataset.validation).toEqual([{ split: 'validation', name: 'city/x' }])
  expect([...(await dataset.load(dataset.train[0]!)).labels]).toEqual([2])
})

test('two images that would share a mask are refused', async () => {
  const files = { ...camvid, 'images/train/a.jpg': picture(2, 2) }
  await expect(open(files)).rejects.toThrow('images/train/a.jpg and images/train/a.png have one name')
})
