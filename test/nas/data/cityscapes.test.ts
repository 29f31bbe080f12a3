import { expect, test } from 'vitest'
import { openDataset } from '../../../nas/data/open.ts'
import { type Files, mask, memory, picture } from './memory.ts'

/** cityscapesScripts, helpers/labels.py: every id that has a train id. */
// biome-ignore format: a table
const TRAIN_IDS: Readonly<Record<number, number>> = {
  7: 0, 8: 1, 11: 2, 12: 3, 13: 4, 17: 5, 19: 6, 20: 7, 21: 8, 22: 9,
  23: 10, 24: 11, 25: 12, 26: 13, 27: 14, 28: 15, 31: 16, 32: 17, 33: 18,
}

const pair = (split: string, name: string, ids: number[]): Files => ({
  [`leftImg8bit/${split}/${name}_leftImg8bit.png`]: picture(1, ids.length),
  [`gtFine/${split}/${name}_gtFine_labelIds.png`]: mask([ids]),
  [`gtFine/${split}/${name}_gtFine_color.png`]: picture(1, ids.length),
})

const open = (files: Files) => openDataset({ kind: 'cityscapes', path: 'cs' }, memory(files, 'cs'))

test('label ids become the 19 train ids, all else counts for nothing', async () => {
  const ids = [...Array(34).keys(), 255]
  const dataset = await open({
    ...pair('train', 'aachen/aachen_000000_000019', ids),
    ...pair('val', 'munster/munster_000000_000019', [7]),
  })
  expect(dataset.classes).toHaveLength(19)
  expect([dataset.classes[0], dataset.classes[13], dataset.classes[18]]).toEqual(['road', 'car', 'bicycle'])
  expect(dataset.train.map(({ name }) => name)).toEqual(['aachen/aachen_000000_000019'])
  const { labels } = await dataset.load(dataset.train[0]!)
  expect([...labels]).toEqual(ids.map((id) => TRAIN_IDS[id] ?? 255))
})

test('an id that Cityscapes does not have is refused', async () => {
  const files = { ...pair('train', 'a/x', [7, 34]), ...pair('val', 'a/y', [7]) }
  await expect(open(files)).rejects.toThrow('value 34 at row 0, column 1; allowed are 0..33, 255')
})

test('a mask that is missing is told with the file that may be meant', async () => {
  const { 'gtFine/train/a/x_gtFine_labelIds.png': _, ...files } = pair('train', 'a/x', [7])
  const trainIds = { 'gtFine/train/a/x_gtFine_labelTrainIds.png': mask([[0]]) }
  await expect(open({ ...files, ...trainIds, ...pair('val', 'a/y', [7]) })).rejects.toMatchObject({
    message:
      'image cs/leftImg8bit/train/a/x_leftImg8bit.png has no mask: cs/gtFine/train/a/x_gtFine_labelIds.png is missing, though gtFine/train/a/x_gtFine_labelTrainIds.png is there',
    fix: expect.stringContaining('gtFine_trainvaltest.zip'),
  })
})

test('a folder of another layout is refused', async () => {
  await expect(open({ 'images/train/a.png': picture(1, 1) })).rejects.toThrow(
    'no *_leftImg8bit.png in cs/leftImg8bit/train',
  )
})
