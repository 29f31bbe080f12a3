import { expect, test } from 'vitest'
import { datasetConfig } from '../../../nas/data/config.ts'
import { openDataset } from '../../../nas/data/open.ts'
import { type Files, jpeg, mask, memory, text } from './memory.ts'

const PALETTE = Array.from({ length: 256 }, (_, i) => [i, 255 - i, 0])

const row = [0, 1, 15, 20, 255, 0, 0, 0]
const files: Files = {
  'ImageSets/Segmentation/train.txt': text('2007_000039\n2007_000032\n'),
  'ImageSets/Segmentation/val.txt': text('2007_000033\r\n'),
  'ImageSets/Segmentation/empty.txt': text('\n'),
  'JPEGImages/2007_000032.jpg': await jpeg(1, 8),
  'JPEGImages/2007_000033.jpg': await jpeg(1, 8),
  'JPEGImages/2007_000039.jpg': await jpeg(1, 8),
  'JPEGImages/2007_999999.jpg': text('in no list'),
  'SegmentationClass/2007_000032.png': mask([row], { palette: PALETTE }),
  'SegmentationClass/2007_000033.png': mask([row], { palette: PALETTE }),
  'SegmentationClass/2007_000039.png': mask([row], { palette: PALETTE }),
}

const open = (more: object = {}, content: Files = files) =>
  openDataset(datasetConfig.parse({ kind: 'voc', path: 'VOC2012', ...more }), memory(content, 'VOC2012'))

test('the lists say what is used; palette masks give class indices, borders count for nothing', async () => {
  const dataset = await open()
  expect(dataset.classes).toHaveLength(21)
  expect(dataset.classes[15]).toBe('person')
  expect(dataset.train.map(({ name }) => name)).toEqual(['2007_000032', '2007_000039'])
  expect(dataset.validation.map(({ name }) => name)).toEqual(['2007_000033'])
  expect([...(await dataset.load(dataset.train[0]!)).labels]).toEqual(row)
})

test('a list that is missing or empty, and a listed image that is missing, are named', async () => {
  await expect(open({ train: 'trainaug' })).rejects.toThrow(
    'there is no VOC2012/ImageSets/Segmentation/trainaug.txt',
  )
  await expect(open({ train: 'empty' })).rejects.toThrow('empty.txt lists no image')
  const listed = { ...files, 'ImageSets/Segmentation/train.txt': text('2007_000001\n') }
  await expect(open({}, listed)).rejects.toThrow('image VOC2012/JPEGImages/2007_000001.jpg is missing')
})

test('a name that a list has twice is one line too many', async () => {
  const twice = { ...files, 'ImageSets/Segmentation/val.txt': text('2007_000033\n2007_000033\n') }
  await expect(open({}, twice)).rejects.toMatchObject({
    message: 'VOC2012/ImageSets/Segmentation/val.txt lists 2007_000033 twice',
    fix: 'strike one of the two lines',
  })
})

test('suffixes may be in capitals', async () => {
  const { 'JPEGImages/2007_000033.jpg': image, 'SegmentationClass/2007_000033.png': labels, ...rest } = files
  const capitals = { 'JPEGImages/2007_000033.JPG': image!, 'SegmentationClass/2007_000033.PNG': labels! }
  const { validation, load } = await open({}, { ...rest, ...capitals })
  expect([...(await load(validation[0]!)).labels]).toEqual(row)
})
