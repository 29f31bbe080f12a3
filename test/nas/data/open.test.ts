import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { datasetConfig } from '../../../nas/data/config.ts'
import type { OpenOptions } from '../../../nas/data/files.ts'
import { openDataset } from '../../../nas/data/open.ts'
import { TrellisError } from '../../../nas/errors.ts'
import type { ObjectReader } from '../../../nas/store/store.ts'
import { type Files, jpeg, mask, memory, picture } from './memory.ts'

const config = datasetConfig.parse({ kind: 'folders', path: 'data', classes: 3 })

const good: Files = {
  'images/train/a.png': picture(2, 3),
  'images/train/b.jpg': await jpeg(16, 16),
  'images/val/c.png': picture(1, 1),
  'annotations/train/a.png': mask([
    [0, 1, 2],
    [0, 1, 255],
  ]),
  'annotations/train/b.png': mask(Array(16).fill(Array(16).fill(1))),
  'annotations/val/c.png': mask([[0]]),
}

const open = (files: Files, options: OpenOptions = {}, location = 'data') =>
  openDataset(config, memory(files, location), options)

const without = (key: string): Files =>
  Object.fromEntries(Object.entries(good).filter(([name]) => name !== key))

describe('what is wrong with a dataset is found when it is opened, and said in one line', () => {
  const photo = good['images/train/b.jpg']!
  const cases: [string, Files, RegExp][] = [
    ['nothing there', {}, /^no train images .* data\/images\/train or data\/images\/training$/],
    ['no validation images', without('images/val/c.png'), /^no validation images/],
    [
      'an image without a mask',
      without('annotations/train/b.png'),
      /b\.jpg has no mask: .*b\.png is missing$/,
    ],
    [
      'sizes that differ',
      {
        ...good,
        'annotations/train/a.png': mask([
          [0, 1],
          [0, 1],
          [1, 1],
        ]),
      },
      /^data\/images\/train\/a\.png is 2x3, its mask data\/annotations\/train\/a\.png is 3x2$/,
    ],
    [
      'a class outside the range',
      {
        ...good,
        'annotations/train/a.png': mask([
          [0, 1, 2],
          [0, 3, 255],
        ]),
      },
      /a\.png has value 3 at row 1, column 1; allowed are 0\.\.2, 255$/,
    ],
    [
      'a truncated image',
      { ...good, 'images/train/b.jpg': photo.subarray(0, photo.length - 40) },
      /b\.jpg is damaged/,
    ],
    ['an RGB mask', { ...good, 'annotations/train/a.png': picture(2, 3) }, /a\.png has 3 channels/],
    [
      'validation that is all ignored',
      { ...good, 'annotations/val/c.png': mask([[255]]) },
      /no usable validation/,
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

  test('a folder that cannot be read', async () => {
    const reader: ObjectReader = {
      location: 'data',
      get: async () => undefined,
      // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
      async *list() {
        throw new Error('EACCES')
      },
    }
    await expect(openDataset(config, () => reader)).rejects.toThrow('cannot list data/images/train')
  })
})

describe('an image that EXIF turns', () => {
  const turned = async (orientation: number) =>
    sharp(picture(2, 3)).withMetadata({ orientation }).png().toBuffer()
  const opened = async (orientation: number) =>
    open({ ...good, 'images/train/a.png': await turned(orientation) })

  test('lies beside its mask as viewers show it', async () => {
    const { train, load } = await opened(3)
    const { image } = await load(train[0]!)
    expect([...image.subarray(0, 3)]).toEqual([5, 10, 15])
  })

  test('has to have the size of its mask once it is turned, and the error says so', async () => {
    await expect(opened(6)).rejects.toMatchObject({
      message:
        'data/images/train/a.png is 3x2 once turned by its EXIF orientation (6), its mask data/annotations/train/a.png is 2x3',
      fix: expect.stringMatching(/turn it as viewers show the image, or strike the orientation/),
    })
  })

  test('is another dataset than the same pixels unturned', async () => {
    const fingerprints = await Promise.all([1, 3].map(async (turn) => (await opened(turn)).fingerprint))
    expect(new Set(fingerprints).size).toBe(2)
  })
})

test('a mask that is turned by 90 degrees is not to be scaled', async () => {
  const upright = mask([
    [0, 1],
    [0, 1],
    [1, 1],
  ])
  await expect(open({ ...good, 'annotations/train/a.png': upright })).rejects.toMatchObject({
    fix: 'one of the two was turned by 90 degrees: turn it back',
  })
})

test('progress counts every image once', async () => {
  const seen: [number, number][] = []
  await open(good, { onProgress: (done, total) => seen.push([done, total]) })
  expect(seen).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ])
})

describe('the fingerprint', () => {
  const fingerprint = async (files: Files, location?: string) => (await open(files, {}, location)).fingerprint

  test('does not tell where the files are', async () => {
    expect(await fingerprint(good)).toBe(await fingerprint(good, 's3://bucket/data'))
  })

  test('changes with a pixel, a mask, a name, and the meaning of labels', async () => {
    const others = await Promise.all([
      fingerprint(good),
      fingerprint({ ...good, 'annotations/val/c.png': mask([[1]]) }),
      fingerprint({ ...good, 'images/val/c.png': mask([[7]]) }),
      fingerprint({
        ...without('images/val/c.png'),
        'images/val/d.png': picture(1, 1),
        'annotations/val/d.png': mask([[0]]),
      }),
      openDataset({ ...config, classes: 4 } as typeof config, memory(good)).then(
        (dataset) => dataset.fingerprint,
      ),
    ])
    expect(new Set(others).size).toBe(others.length)
  })

  test('of an earlier opening is trusted: files are not read', async () => {
    const known = await fingerprint(good)
    const reader: ObjectReader = { ...memory(good)(), get: () => Promise.reject(new Error('read')) }
    const dataset = await openDataset(config, () => reader, { fingerprint: known })
    expect(dataset.fingerprint).toBe(known)
    expect(dataset.train.map(({ name }) => name)).toEqual(['a', 'b'])
  })
})

test('a limit takes images from all over the sorted list', async () => {
  const many: Record<string, Uint8Array> = {}
  for (let i = 0; i < 9; i++) {
    for (const split of ['train', 'val']) {
      many[`images/${split}/${i}.png`] = picture(1, 1)
      many[`annotations/${split}/${i}.png`] = mask([[1]])
    }
  }
  const limited = { ...config, limit: { train: 3, validation: 50 } } as typeof config
  const dataset = await openDataset(limited, memory(many))
  expect(dataset.train.map(({ name }) => name)).toEqual(['0', '3', '6'])
  expect(dataset.validation).toHaveLength(9)
})
