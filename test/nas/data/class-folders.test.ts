import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { classificationConfig } from '../../../nas/data/config.ts'
import type { OpenOptions } from '../../../nas/data/files.ts'
import { openClassification } from '../../../nas/data/open-classification.ts'
import { TrellisError } from '../../../nas/errors.ts'
import type { ObjectReader } from '../../../nas/store/store.ts'
import { type Files, jpeg, memory, picture, text } from './memory.ts'

const config = (more: object = {}) =>
  classificationConfig.parse({ kind: 'class-folders', path: 'data', ...more })

const good: Files = {
  'train/cat/2.png': picture(2, 3),
  'train/cat/1.JPEG': await jpeg(16, 16),
  'train/dog/deep/1.png': picture(1, 1),
  'train/dog/boxes.txt': text('1 2 3 4'),
  'train/list.txt': text('cat'),
  'val/cat/1.png': picture(4, 4),
  'val/dog/1.png': picture(1, 2),
  'val/dog/.DS_Store': text('x'),
}

const without = (...keys: string[]): Files =>
  Object.fromEntries(Object.entries(good).filter(([name]) => !keys.includes(name)))

const open = (files: Files, options: OpenOptions = {}, location = 'data') =>
  openClassification(config(), memory(files, location), options)

test('a folder is a class, with the images in it and its subfolders; other files are ignored', async () => {
  const dataset = await open(good)
  expect(dataset.classes).toEqual(['cat', 'dog'])
  expect(dataset.train).toEqual([
    { split: 'train', name: 'cat/1.JPEG', label: 0 },
    { split: 'train', name: 'cat/2.png', label: 0 },
    { split: 'train', name: 'dog/deep/1.png', label: 1 },
  ])
  expect(dataset.validation.map(({ name, label }) => [name, label])).toEqual([
    ['cat/1.png', 0],
    ['dog/1.png', 1],
  ])
})

test('an image is loaded with its label and size', async () => {
  const dataset = await open(good)
  const image = await dataset.load(dataset.train[1]!)
  expect(image).toMatchObject({ name: 'cat/2.png', height: 2, width: 3, label: 0 })
  expect([...image.image.subarray(3, 9)]).toEqual([1, 2, 3, 2, 4, 6])
})

test.each(['val', 'validation', 'valid', 'test'])('validation images may lie in %s', async (folder) => {
  const files = Object.fromEntries(
    Object.entries(good).map(([key, bytes]) => [key.replace(/^val/, folder), bytes]),
  )
  expect((await open(files)).validation).toHaveLength(2)
})

test('folders of any name can be given', async () => {
  const files = Object.fromEntries(
    Object.entries(good).map(([key, bytes]) => [key.replace(/^train/, 'a/b').replace(/^val/, 'c'), bytes]),
  )
  const dataset = await openClassification(config({ train: 'a/b/', validation: 'c' }), memory(files))
  expect([dataset.train.length, dataset.validation.length]).toEqual([3, 2])
  expect((await dataset.load(dataset.train[2]!)).label).toBe(1)
})

test('a folder that holds the test images is not that of validation, and an error says so', async () => {
  await expect(openClassification(config({ test: 'val' }), memory(good))).rejects.toThrow(
    /no class folders in .*; val is not looked into, as it holds the test images$/,
  )
})

describe('what is wrong with a dataset is found when it is opened, and said in one line', () => {
  const photo = good['train/cat/1.JPEG']!
  const cases: [string, Files, RegExp][] = [
    ['nothing there', {}, /^no class folders in data\/train$/],
    ['images that lie in no class', { 'train/1.png': picture(1, 1) }, /^no class folders in data\/train$/],
    [
      'no validation images',
      without('val/cat/1.png', 'val/dog/1.png', 'val/dog/.DS_Store'),
      /^no class folders in data\/val or data\/validation or data\/valid or data\/test$/,
    ],
    [
      'a class that is only in validation',
      { ...good, 'val/eel/1.png': picture(1, 1) },
      /^data\/val\/eel is a class that data\/train\/ does not have$/,
    ],
    [
      'a class without training images',
      without('train/dog/deep/1.png'),
      /^no images .* in data\/train\/dog$/,
    ],
    ['a class without validation images', without('val/dog/1.png'), /^no images .* in data\/val\/dog$/],
    [
      'one class',
      without('train/dog/deep/1.png', 'train/dog/boxes.txt', 'val/dog/1.png'),
      /^data\/train\/ has the only class cat/,
    ],
    [
      'a file that is no image',
      { ...good, 'val/cat/1.png': text('<html>') },
      /^data\/val\/cat\/1\.png is a web page$/,
    ],
    [
      'a truncated image',
      { ...good, 'train/cat/1.JPEG': photo.subarray(0, photo.length - 40) },
      /^data\/train\/cat\/1\.JPEG is damaged or truncated: /,
    ],
  ]
  test.each(cases)('%s', async (_, files, message) => {
    const error = await open(files).then(
      () => undefined,
      (cause: unknown) => cause,
    )
    expect(error).toBeInstanceOf(TrellisError)
    const { code, message: line, fix } = error as TrellisError
    expect(code).toBe('invalid-dataset')
    expect(line).toMatch(message)
    expect(line).not.toContain('\n')
    expect(fix).toBeTruthy()
  })

  test('an empty folder, which no list of keys shows', async () => {
    const reader: ObjectReader = {
      ...memory(good, 'data')(),
      folders: async (prefix) => (prefix === 'train/' ? ['cat', 'dog', 'eel', '.git'] : ['cat', 'dog']),
    }
    await expect(openClassification(config(), () => reader)).rejects.toMatchObject({
      message: expect.stringMatching(/^no images .* in data\/train\/eel$/),
      fix: expect.stringContaining('remove it'),
    })
  })

  test('an image that has gone since', async () => {
    const files = { ...good }
    const dataset = await open(files)
    delete files['val/cat/1.png']
    await expect(dataset.load(dataset.validation[0]!)).rejects.toThrow('image data/val/cat/1.png is missing')
  })
})

test('progress counts every image once', async () => {
  const seen: [number, number][] = []
  await open(good, { onProgress: (done, total) => seen.push([done, total]) })
  expect(seen).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]))
})

describe('the fingerprint', () => {
  const fingerprint = async (files: Files, location?: string) => (await open(files, {}, location)).fingerprint

  test('does not depend on the location, nor on other files there', async () => {
    expect(await fingerprint(good)).toBe(await fingerprint(without('train/list.txt'), 's3://bucket/data'))
  })

  test('changes with a pixel, a name, a class, and the images that are used', async () => {
    const { 'val/cat/1.png': image, ...rest } = good
    const renamed = Object.fromEntries(
      Object.entries(good).map(([key, bytes]) => [key.replace('/cat/', '/cow/'), bytes]),
    )
    const limited = await openClassification(config({ limit: { train: 2 } }), memory(good))
    const others = [
      await fingerprint(good),
      await fingerprint({ ...good, 'val/cat/1.png': picture(4, 5) }),
      await fingerprint({ ...rest, 'val/cat/7.png': image! }),
      await fingerprint(renamed),
      limited.fingerprint,
    ]
    expect(new Set(others).size).toBe(others.length)
  })

  test('of an earlier opening is trusted: files are not read', async () => {
    const known = await fingerprint(good)
    const reader: ObjectReader = { ...memory(good)(), get: () => Promise.reject(new Error('read')) }
    const dataset = await openClassification(config(), () => reader, { fingerprint: known })
    expect(dataset.fingerprint).toBe(known)
    expect(dataset.train).toHaveLength(3)
  })
})

test('a limit takes as many images of every class', async () => {
  const many: Record<string, Uint8Array> = {}
  for (const folder of ['train/a', 'train/b', 'val/a', 'val/b']) {
    for (let i = 0; i < 8; i++) many[`${folder}/${i}.png`] = picture(1, 1)
  }
  const dataset = await openClassification(config({ limit: { train: 4 } }), memory(many))
  expect(dataset.train.map(({ name }) => name)).toEqual(['a/0.png', 'a/4.png', 'b/0.png', 'b/4.png'])
  expect(dataset.validation).toHaveLength(16)
})

describe('files in class folders', () => {
  test('of formats that are not read are counted, and told where nothing else is left', async () => {
    const more = { 'train/cat/1.bmp': text('BM'), 'val/dog/2.heic': text('') }
    expect((await open({ ...good, ...more })).warnings).toEqual([
      expect.stringMatching(/^images in data are left out.*: 1 \.bmp, 1 \.heic; convert/),
    ])
    await expect(open({ ...without('val/dog/1.png'), ...more })).rejects.toThrow(
      'no images in data/val/dog that can be read: 1 .heic',
    )
  })

  test('that are in both splits are counted', async () => {
    expect((await open({ ...good, 'val/cat/1.png': good['train/cat/2.png']! })).warnings).toEqual([
      expect.stringMatching(/^1 of 2 validation images are training images too/),
    ])
    expect((await open(good)).warnings).toEqual([])
  })

  test('are of one class in whatever Unicode form', async () => {
    const files = {
      'train/\u00e9tang/1.png': picture(1, 1),
      'train/mer/1.png': picture(2, 1),
      'val/e\u0301tang/1.png': picture(1, 2),
      'val/mer/1.png': picture(2, 2),
    }
    const { classes, validation, load } = await openClassification(config(), memory(files))
    expect(classes).toEqual(['mer', '\u00e9tang'])
    expect(await load(validation[0]!)).toMatchObject({ width: 2, label: 1 })
  })

  test('are turned as EXIF says', async () => {
    const turned = await sharp(picture(2, 3)).withMetadata({ orientation: 6 }).png().toBuffer()
    const { train, load } = await open({ ...good, 'train/cat/2.png': turned })
    expect(await load(train[1]!)).toMatchObject({ height: 3, width: 2 })
  })

  test('may lie in the folder itself', async () => {
    const files = Object.fromEntries(
      Object.entries(good).flatMap(([key, bytes]) =>
        key.startsWith('train/') ? [[key.slice(6), bytes]] : [],
      ),
    )
    const dataset = await openClassification(config({ train: '.', validation: './' }), memory(files))
    expect(dataset.train.map(({ name }) => name)).toEqual(['cat/1.JPEG', 'cat/2.png', 'dog/deep/1.png'])
  })
})

test.each([
  ['one name in two forms of Unicode', 'caf\u00e9', 'cafe\u0301', 'two folders have one name'],
  ['a control character', 'a\nb', 'c', 'the name "a\\nb" has a control character'],
])('class folders with %s are refused', async (_, first, second, message) => {
  const files = Object.fromEntries(
    ['train', 'val'].flatMap((split) =>
      [first, second].map((name) => [`${split}/${name}/0.png`, picture(1, 1)]),
    ),
  )
  const config = classificationConfig.parse({ kind: 'class-folders', path: 'data' })
  await expect(openClassification(config, memory(files, 'data'))).rejects.toThrow(message)
})
