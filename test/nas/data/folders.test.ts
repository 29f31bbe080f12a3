import { describe, expect, test } from 'vitest'
import { datasetConfig } from '../../../nas/data/config.ts'
import { openDataset } from '../../../nas/data/open.ts'
import { type Files, jpeg, mask, memory, picture, text } from './memory.ts'

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

describe('images and masks in one folder', () => {
  const place = { images: 'all', labels: 'all' }
  const open1 = (files: Files, more: object = {}) => open(files, { train: place, validation: place, ...more })
  const names = async (files: Files, more: object = {}) =>
    (await open1(files, more)).train.map(({ name }) => name)
  const photo = jpeg(1, 1)

  test('are told apart by their formats', async () => {
    const files = {
      'all/0.jpg': await photo,
      'all/0.png': mask([[2]]),
      'all/1.jpg': await photo,
      'all/1.png': mask([[1]]),
    }
    expect(await names(files)).toEqual(['0', '1'])
    const { load, train } = await open1(files)
    expect([...(await load(train[0]!)).labels]).toEqual([2])
  })

  test('or by the suffix of masks', async () => {
    const files = { 'all/0.png': picture(1, 1), 'all/0_mask.png': mask([[2]]) }
    expect(await names(files, { maskSuffix: '_mask.png' })).toEqual(['0'])
  })

  test('and where neither tells, nothing is guessed', async () => {
    const files = { 'all/0.png': picture(1, 1), 'all/0_mask.png': mask([[2]]) }
    await expect(open1(files)).rejects.toMatchObject({
      message: 'all images and masks in all are PNGs: nothing tells them apart',
      fix: expect.stringContaining('maskSuffix'),
    })
  })

  test('masks in a folder inside that of images are no images', async () => {
    const inside = { images: '.', labels: 'masks' }
    const files = { 'a.png': picture(1, 1), 'masks/a.png': mask([[2]]) }
    const dataset = await open(files, { train: inside, validation: inside })
    expect(dataset.train.map(({ name }) => name)).toEqual(['a'])
  })
})

describe('names of masks', () => {
  const files = (masks: Files): Files => ({
    'images/train/0.png': picture(1, 1),
    'images/val/0.png': picture(1, 1),
    'annotations/val/0.png': mask([[1]]),
    'annotations/val/0_mask.png': mask([[1]]),
    ...masks,
  })

  test('may have one suffix more', async () => {
    const dataset = await open(files({ 'annotations/train/0_mask.png': mask([[2]]) }), {
      maskSuffix: '_mask',
    })
    expect([...(await dataset.load(dataset.train[0]!)).labels]).toEqual([2])
  })

  test('may end in .PNG', async () => {
    const dataset = await open(files({ 'annotations/train/0.PNG': mask([[2]]) }))
    expect([...(await dataset.load(dataset.train[0]!)).labels]).toEqual([2])
  })

  test.each(['0_mask.png', '0.jpg', 'mask-0.png', '0.png.png'])(
    'of which %s is none are explained',
    async (other) => {
      await expect(open(files({ [`annotations/train/${other}`]: mask([[2]]) }))).rejects.toMatchObject({
        message: `image data/images/train/0.png has no mask: data/annotations/train/0.png is missing, though annotations/train/${other} is there`,
        fix: expect.stringContaining('masks are PNGs with the names of their images'),
      })
    },
  )

  test('match in whatever Unicode form', async () => {
    const name = 'stra\u00dfe-\u00e9'
    const train = { images: 'i', labels: 'm', list: 'list.txt' }
    const decomposed = name.normalize('NFD')
    expect(decomposed).not.toBe(name)
    const dataset = await open(
      {
        'list.txt': text(name),
        [`i/${decomposed}.png`]: picture(1, 1),
        [`m/${name}.png`]: mask([[2]]),
      },
      { train, validation: train },
    )
    expect([...(await dataset.load(dataset.train[0]!)).labels]).toEqual([2])
  })
})

test('paths that lead to one folder are one key, and those that lead outside are refused', () => {
  const imagesOf = (path: string, images: string) => {
    const config = datasetConfig.parse({ kind: 'folders', path, classes: 2, train: { images, labels: 'm' } })
    return config.kind === 'folders' && config.train?.images
  }
  for (const images of ['i/t', './i/t', 'i/t/', 'i//t', '/data/i/t', '../data/i/t']) {
    expect(imagesOf('/data', images), images).toBe('i/t')
  }
  expect(imagesOf('/data/', '/data')).toBe('.')
  expect(imagesOf('s3://bucket/data', 's3://bucket/data/i/t/')).toBe('i/t')
  expect(() => imagesOf('/data', '../other')).toThrow('outside of `path`')
  const again = datasetConfig.parse(datasetConfig.parse({ kind: 'voc', path: '/v', labels: './S/' }))
  expect(again).toMatchObject({ labels: 'S' })
})

test('images of formats that are not read are counted and named', async () => {
  const more = {
    'images/train/x.bmp': text('BM'),
    'images/train/y.BMP': text('BM'),
    'images/val/z.heic': text(''),
  }
  expect((await open({ ...camvid, ...more }, { ignoreLabel: 11 })).warnings).toContain(
    'images in data are left out, as their format is not read: 2 .bmp, 1 .heic; convert them to one of JPEG, PNG, WebP, TIFF, GIF, AVIF',
  )
  const { 'images/val/c.png': _, ...rest } = camvid
  await expect(open({ ...rest, ...more }, { ignoreLabel: 11 })).rejects.toThrow(
    'no validation images in data/images/val or data/images/validation that can be read: 1 .heic',
  )
})

test('validation images that are training images, byte for byte, are counted', async () => {
  const same = {
    'images/val/c.png': picture(2, 2),
    'images/val/d.png': picture(1, 1),
    'annotations/val/d.png': mask([[1]]),
  }
  expect((await open({ ...camvid, ...same }, { ignoreLabel: 11 })).warnings).toEqual([
    expect.stringMatching(
      /^1 of 2 validation images are training images too, byte for byte \(images\/val\/c\.png is images\/train\/b\.png\)/,
    ),
    expect.stringContaining('several sizes'),
  ])
})

test('validation images of several sizes are said to be scored at one, which holds them all', async () => {
  const wide = { 'images/val/d.png': picture(1, 18), 'annotations/val/d.png': mask([Array(18).fill(1)]) }
  const high = { 'images/train/e.png': picture(40, 1), 'annotations/train/e.png': mask(Array(40).fill([1])) }
  const said = async (files: object) =>
    (await open({ ...camvid, ...files }, { ignoreLabel: 11 })).warnings.filter((each) => /sizes/.test(each))
  expect(await said(high)).toEqual([])
  expect(await said({ ...high, ...wide })).toEqual([
    'validation images have several sizes: all are scored at 17x33, smaller ones with the mean colour below and on the right; evaluate and predict do likewise',
  ])
})

test.each([
  [
    'is a folder',
    { classes: 'names' },
    'data/names is a folder, not a text file',
    'name a file in `classes`',
  ],
  ['is missing', { classes: 'names.txt' }, 'there is no data/names.txt', 'correct `classes` of the dataset'],
  ['is a number in quotes', { classes: '3' }, 'there is no data/3', 'write classes: 3 without quotes'],
  [
    'is a list that is missing',
    { train: { images: 'images/train', labels: 'annotations/train', list: 'l.txt' } },
    'there is no data/l.txt',
    'correct `train.list` of the dataset',
  ],
])('a text file that %s is told with the key that names it', async (_, more, message, fix) => {
  const files = { ...camvid, 'names/a.txt': text('x') }
  await expect(open(files, more)).rejects.toMatchObject({ message, fix: expect.stringContaining(fix) })
})

test('a mask whose name has other capitals is named', async () => {
  const { 'annotations/train/a.png': labels, ...files } = camvid
  await expect(open({ ...files, 'annotations/train/A.png': labels! }, { ignoreLabel: 11 })).rejects.toThrow(
    'is missing, though annotations/train/A.png is there',
  )
})
