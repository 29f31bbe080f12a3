import { describe, expect, test } from 'vitest'
import { classificationConfig, datasetConfig } from '../../../nas/data/config.ts'
import type { Split } from '../../../nas/data/dataset.ts'
import { openDataset } from '../../../nas/data/open.ts'
import { openClassification } from '../../../nas/data/open-classification.ts'
import { factsOf } from '../../../nas/runs/dataset.ts'
import { type Files, jpeg, mask, memory, picture, text } from './memory.ts'

/* Test images are kept aside where a configuration names them, and only then. */

const pixels = mask([[0, 1, 2, 0]])
const folders: Files = Object.fromEntries(
  ['train/a', 'val/b', 'val/c', 'test/d'].flatMap((name) => [
    [`images/${name}.png`, picture(1, 4)],
    [`annotations/${name}.png`, pixels],
  ]),
)
const openFolders = (more: object = {}, files = folders) =>
  openDataset(
    datasetConfig.parse({ kind: 'folders', path: 'data', classes: 3, ...more }),
    memory(files, 'data'),
  )
const TEST = { images: 'images/test', labels: 'annotations/test' }
const VALIDATION = { images: 'images/val', labels: 'annotations/val' }

describe('folders', () => {
  test('a folder called test is no test split unless it is named', async () => {
    expect((await openFolders()).test).toEqual([])
    expect(factsOf(await openFolders())).not.toHaveProperty('test')
  })

  test('are read, checked and part of the fingerprint where they are named', async () => {
    const dataset = await openFolders({ test: TEST })
    expect(dataset.test).toEqual([{ split: 'test', name: 'd' }])
    expect([...(await dataset.load(dataset.test[0]!)).labels]).toEqual([0, 1, 2, 0])
    expect(factsOf(dataset).test).toBe(1)
    expect(dataset.fingerprint).not.toBe((await openFolders()).fingerprint)
    await expect(
      openFolders({ test: TEST }, { ...folders, 'annotations/test/d.png': picture(1, 4) }),
    ).rejects.toThrow('annotations/test/d.png has 3 channels')
    await expect(openFolders({ test: { ...TEST, images: 'nowhere' } })).rejects.toThrow('no test images')
  })

  test('a list divides one folder', async () => {
    const files = { ...folders, 'first.txt': text('b\n'), 'second.txt': text('c.png\n') }
    const divided = {
      validation: { ...VALIDATION, list: 'first.txt' },
      test: { ...VALIDATION, list: 'second.txt' },
    }
    const { validation, test } = await openFolders(divided, files)
    expect([validation, test].map((refs) => refs.map(({ name }) => name))).toEqual([['b'], ['c']])
  })

  test('a list that names what is not there, or nothing, is named itself', async () => {
    const listed = (list: string) =>
      openFolders({ test: { ...TEST, list: 'list.txt' } }, { ...folders, 'list.txt': text(list) })
    await expect(listed('d\ne\n')).rejects.toThrow(
      'data/list.txt lists e, and data/images/test has no such image',
    )
    await expect(listed('\n')).rejects.toThrow('data/list.txt lists no image')
  })
})

describe('one split alone', () => {
  const only = (split: Split, classes: readonly string[] = []) => ({ only: { split, classes } })
  const ofTest = (files: Files) =>
    Object.fromEntries(Object.entries(files).filter(([key]) => /test|mine|classes/.test(key)))
  const sizes = ({ train, validation, test }: Record<Split, readonly unknown[]>) =>
    [train, validation, test].map(({ length }) => length)

  test('needs no images of the others, in folders and in a list', async () => {
    const config = datasetConfig.parse({ kind: 'folders', path: 'data', classes: 3, test: TEST })
    const open = memory(ofTest(folders), 'data')
    const dataset = await openDataset(config, open, only('test'))
    expect(sizes(dataset)).toEqual([0, 0, 1])
    expect([...(await dataset.load(dataset.test[0]!)).labels]).toEqual([0, 1, 2, 0])
    await expect(openDataset(config, open)).rejects.toThrow('no train images')

    const voc = {
      'ImageSets/Segmentation/mine.txt': text('mine'),
      'JPEGImages/mine.jpg': await jpeg(1, 4),
      'SegmentationClass/mine.png': pixels,
    }
    const listed = datasetConfig.parse({ kind: 'voc', path: 'VOC', test: 'mine' })
    expect(sizes(await openDataset(listed, memory(voc), only('test')))).toEqual([0, 0, 1])

    const city = {
      'leftImg8bit/val/a/1_leftImg8bit.png': picture(1, 4),
      'gtFine/val/a/1_gtFine_labelIds.png': mask([[7, 8, 11, 7]]),
    }
    const cities = datasetConfig.parse({ kind: 'cityscapes', path: 'city' })
    expect(sizes(await openDataset(cities, memory(city), only('validation')))).toEqual([0, 1, 0])
  })

  test('of class folders has the labels of the classes that are given, and no others', async () => {
    const config = classificationConfig.parse({ kind: 'class-folders', path: 'data', test: 'test' })
    const open = (classes: readonly string[]) =>
      openClassification(config, memory({ 'test/dog/1.png': picture(1, 5) }, 'data'), only('test', classes))
    const dataset = await open(['cat', 'dog', 'eel'])
    expect([dataset.classes, dataset.test]).toEqual([
      ['cat', 'dog', 'eel'],
      [{ split: 'test', name: 'dog/1.png', label: 1 }],
    ])
    expect(sizes(dataset)).toEqual([0, 0, 1])
    await expect(open(['cat', 'eel'])).rejects.toThrow(
      'data/test/dog is a class that the networks do not have',
    )
  })
})

test('images that judge and were trained on, or chosen by, are counted for each pair of splits', async () => {
  const startsOf = async (more: object) =>
    (await openFolders(more)).warnings.map((warning) => warning.replace(/: scores.*/, ''))
  const validation =
    '2 of 2 validation images are training images too, byte for byte (images/val/b.png is images/train/a.png)'
  expect(await startsOf({})).toEqual([validation])
  expect(await startsOf({ test: TEST })).toEqual([
    validation,
    '1 of 1 test images are training images too, byte for byte (images/test/d.png is images/train/a.png)',
    '1 of 1 test images are validation images too, byte for byte (images/test/d.png is images/val/c.png)',
  ])
  const other = {
    ...folders,
    'images/val/c.png': picture(2, 2),
    'annotations/val/c.png': mask([
      [0, 1],
      [2, 0],
    ]),
  }
  expect((await openFolders({ test: VALIDATION }, other)).warnings).toContainEqual(
    expect.stringMatching(
      /^2 of 2 test images are validation images too, byte for byte \(images\/val\/b\.png\)/,
    ),
  )
})

test('voc has a list of test images', async () => {
  const lists = ['train', 'val', 'mine'].map((list) => [`ImageSets/Segmentation/${list}.txt`, text(list)])
  const images = ['train', 'val', 'mine'].map(async (name) => [`JPEGImages/${name}.jpg`, await jpeg(1, 4)])
  const masks = ['train', 'val', 'mine'].map((name) => [`SegmentationClass/${name}.png`, pixels])
  const files: Files = Object.fromEntries([...lists, ...(await Promise.all(images)), ...masks])
  const open = (more: object) =>
    openDataset(datasetConfig.parse({ kind: 'voc', path: 'VOC', ...more }), memory(files))
  expect((await open({ test: 'mine' })).test.map(({ name }) => name)).toEqual(['mine'])
  expect((await open({})).test).toEqual([])
})

describe('class folders', () => {
  const files: Files = Object.fromEntries(
    ['train/cat', 'train/dog', 'val/cat', 'val/dog', 'test/cat'].map((name, i) => [
      `${name}/1.png`,
      picture(1, i + 1),
    ]),
  )
  const open = (more: object = {}, content = files) =>
    openClassification(
      classificationConfig.parse({ kind: 'class-folders', path: 'data', ...more }),
      memory(content, 'data'),
    )

  test('may lack classes in the test split, and have no others', async () => {
    const dataset = await open({ test: 'test' })
    expect(dataset.test).toEqual([{ split: 'test', name: 'cat/1.png', label: 0 }])
    expect((await dataset.load(dataset.test[0]!)).width).toBe(5)
    await expect(open({ test: 'test' }, { ...files, 'test/eel/1.png': picture(1, 1) })).rejects.toThrow(
      'data/test/eel is a class that data/train/ does not have',
    )
  })

  test('a folder that is named for tests is not taken for validation', async () => {
    const { 'val/cat/1.png': _, 'val/dog/1.png': __, ...rest } = files
    await expect(open({ test: 'test' }, rest)).rejects.toThrow(
      'no class folders in data/val or data/validation or data/valid',
    )
  })
})

test.each([
  [datasetConfig, { kind: 'folders', path: 'x', classes: 2, validation: TEST, test: TEST }],
  [datasetConfig, { kind: 'voc', path: 'x', test: 'val' }],
  [classificationConfig, { kind: 'class-folders', path: 'x', validation: 'a', test: 'a/' }],
] as const)('%# validation images that are named as test images are refused', (schema, config) => {
  expect(schema.safeParse(config).error?.issues[0]).toMatchObject({
    path: ['test'],
    message: 'these are the validation images, by which the search chooses: name others',
  })
})

test('generated test images are unlike all others', async () => {
  const shapes = await openClassification(
    classificationConfig.parse({ kind: 'shapes', images: 10, validation: 10, test: 10 }),
    memory({}),
  )
  const street = await openDataset(
    datasetConfig.parse({ kind: 'street', images: 1, validation: 1, test: 1, height: 32, width: 64 }),
    memory({}),
  )
  for (const { train, validation, test: aside, load } of [shapes, street] as (typeof shapes)[]) {
    const [a, b, c] = await Promise.all([train, validation, aside].map((refs) => load(refs[0]!)))
    expect(c!.image).not.toEqual(a!.image)
    expect(c!.image).not.toEqual(b!.image)
  }
  expect(factsOf(street)).toMatchObject({ train: 1, validation: 1, test: 1 })
})
