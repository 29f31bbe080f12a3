import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { type Files, jpeg, picture, text } from '../memory.ts'
import { clear, open, xml } from './fixtures.ts'

const DIFFICULT = '<difficult>1</difficult>'
const PART =
  '<part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>'

const files: Files = {
  'ImageSets/Main/train.txt': text('b\na\n'),
  'ImageSets/Main/val.txt': text('c\r\n'),
  'JPEGImages/a.jpg': await jpeg(10, 20),
  'JPEGImages/b.JPG': await jpeg(12, 20),
  'JPEGImages/c.png': picture(10, 24),
  'JPEGImages/unlisted.jpg': text('no image'),
  'Annotations/a.xml': xml(
    [
      ['dog', 1, 1, 20, 10],
      ['cat', 3, 4, 5, 6, PART + DIFFICULT],
    ],
    [10, 20],
  ),
  'Annotations/b.xml': xml([['dog', 2.5, 1, 8, 9]], null),
  'Annotations/c.xml': xml([['cat', 1, 1, 2, 2]], [10, 24]),
  'Annotations/unlisted.xml': text('<annotation>'),
}
const voc = (more: Files = {}, config: object = {}) => open({ kind: 'voc', ...config }, { ...files, ...more })
/** Image `a`, of 10 x 20 pixels, with these after two other objects. */
const ofA = (objects: Parameters<typeof xml>[0]) =>
  voc({
    'Annotations/a.xml': xml([['dog', 1, 1, 20, 10], ['cat', 1, 1, 1, 1], ...objects], [10, 20]),
  })

test('pixels are counted from 1 and the last one belongs to the box; parts of an object are none', async () => {
  const dataset = await voc()
  expect(dataset.classes).toEqual(['cat', 'dog'])
  expect([dataset.train, dataset.validation].map((refs) => refs.map(({ name }) => name))).toEqual([
    ['a', 'b'],
    ['c'],
  ])
  const { height, width, image, boxes } = await dataset.load(dataset.train[0]!)
  expect([height, width, image.length]).toEqual([10, 20, 600])
  expect(boxes).toEqual([
    { box: [0, 0, 20, 10], label: 1, area: 200, ...clear },
    { box: [2, 3, 5, 6], label: 0, area: 9, crowd: false, difficult: true },
  ])
  expect(dataset.warnings).toEqual([])
})

test('boxes are known without the image, whose size is asked where the annotation does not say', async () => {
  const dataset = await voc()
  for (const ref of [...dataset.train, ...dataset.validation])
    expect(await dataset.boxesOf(ref)).toEqual((await dataset.load(ref)).boxes)
  expect((await dataset.boxesOf(dataset.train[1]!))[0]!.box).toEqual([1.5, 0, 8, 9])
  const { 'JPEGImages/a.jpg': _, ...rest } = files
  const { train, boxesOf } = await open({ kind: 'voc' }, rest, { fingerprint: 'known' })
  expect(await boxesOf(train[0]!)).toHaveLength(2)
  const zero = await voc({ 'Annotations/b.xml': xml([['dog', 1, 1, 99, 9]], [0, 0]) })
  expect((await zero.boxesOf(zero.train[1]!))[0]!.box).toEqual([0, 0, 20, 9])
})

test('boxes are counted, but for those that are difficult', async () => {
  const { counts } = await (await voc()).measure()
  expect(counts).toEqual({
    of: 'boxes',
    values: [],
    train: { classes: [0, 2], ignored: {} },
    validation: { classes: [1, 0], ignored: {} },
  })
  const kept = await voc({ 'ImageSets/Main/test.txt': text('unlisted') }, { test: 'test' }).catch(String)
  expect(kept).toContain('unlisted.xml is no XML')
  const { measure } = await voc({ 'ImageSets/Main/test.txt': text('b') }, { test: 'test' })
  expect((await measure()).counts!.test).toEqual({ classes: [0, 1], ignored: {} })
})

test('what sticks out is clipped, what has no area is dropped, and both are told', async () => {
  const dataset = await ofA([
    ['dog', 0, 1, 22, 10],
    ['dog', 5, 5, 4, 9],
    ['dog', 0, 0, 5, 5],
  ])
  expect(dataset.warnings).toEqual([
    '2 of 6 boxes stick out of their images and are clipped, by at most 2 px (data/Annotations/a.xml: object 3)',
    '1 boxes without area are left out (data/Annotations/a.xml: object 4)',
  ])
  const boxes = (await dataset.boxesOf(dataset.train[0]!)).map(({ box }) => box)
  expect(boxes).toEqual([
    [0, 0, 20, 10],
    [0, 0, 1, 1],
    [0, 0, 20, 10],
    [0, 0, 5, 5],
  ])
})

test.each([
  [['dog', 9, 5, 4, 9], 'object 3 has an inverted box, from (8, 4) to (4, 9)'],
  [['dog', 4, 9, 9, 5], 'object 3 has an inverted box, from (3, 8) to (9, 5)'],
  [['dog', 21, 1, 30, 9], 'object 3 has a box from (20, 0) to (30, 9), outside of its image of 10x20'],
  [['dog', 1, -9, 4, 0], 'object 3 has a box from (0, -10) to (4, 0), outside of its image of 10x20'],
  [['dog', Number.NaN, 1, 4, 9], 'object 3 has no number in <xmin>'],
  [['', 1, 1, 4, 9], 'object 3 has no <name>'],
] as const)('%j is an error that names file and object', async (object, message) => {
  await expect(ofA([object])).rejects.toThrow(`data/Annotations/a.xml: ${message}`)
})

describe('classes', () => {
  test('that are given have that order, and are all there are', async () => {
    expect((await voc({}, { classes: ['dog', 'cat'] })).classes).toEqual(['dog', 'cat'])
    await expect(voc({}, { classes: ['dog'] })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^data.Annotations.[ac].xml: object \d is of "cat", which is none of the classes$/,
      ),
      fix: expect.stringContaining('add it to `classes`'),
    })
  })

  test('that only validation images have are an error', async () => {
    await expect(voc({ 'Annotations/c.xml': xml([['eel', 1, 1, 2, 2]], null) })).rejects.toMatchObject({
      message: 'data/Annotations/c.xml: object 1 is of "eel", which is none of the classes',
      fix: expect.stringContaining('training images'),
    })
  })

  test('of networks that are judged on one split are those of its boxes; nothing else need be there', async () => {
    const rest = Object.fromEntries(Object.entries(files).filter(([key]) => /\/(val|c)\./.test(key)))
    const only = { split: 'validation', classes: ['ant', 'cat'] } as const
    const dataset = await open({ kind: 'voc' }, rest, { only })
    expect([dataset.train.length, dataset.validation.length]).toEqual([0, 1])
    expect((await dataset.boxesOf(dataset.validation[0]!))[0]!.label).toBe(1)
  })
})

describe('sizes', () => {
  // Validation images have cats, too.
  const both = [
    ['dog', 1, 1, 2, 2],
    ['cat', 1, 1, 2, 2],
  ] as const

  test('that contradict the image are an error', async () => {
    await expect(voc({ 'Annotations/a.xml': xml(both, [20, 10]) })).rejects.toThrow(
      'data/JPEGImages/a.jpg is 10x20, data/Annotations/a.xml says 20x10',
    )
  })

  test('are those of the image as viewers turn it', async () => {
    const turned = await sharp(await jpeg(20, 10))
      .withMetadata({ orientation: 6 })
      .toBuffer()
    const { train, load } = await voc({ 'JPEGImages/a.jpg': turned })
    expect(await load(train[0]!)).toMatchObject({ height: 10, width: 20 })
    const stored = xml(both, [20, 10])
    await expect(voc({ 'JPEGImages/a.jpg': turned, 'Annotations/a.xml': stored })).rejects.toMatchObject({
      message:
        'data/JPEGImages/a.jpg is 10x20 once turned by its EXIF orientation (6), data/Annotations/a.xml says 20x10',
      fix: expect.stringContaining('strike the orientation'),
    })
  })

  test.each([
    ['upside down', 3, [10, 20] as const],
    ['on its side, and no size is noted', 6, null],
  ])(
    'do not tell whose boxes they are where an image was %s: a warning does',
    async (_, orientation, size) => {
      const turned = await sharp(await jpeg(size?.[0] ?? 20, size?.[1] ?? 10))
        .withMetadata({ orientation })
        .toBuffer()
      const { warnings } = await voc({
        'JPEGImages/a.jpg': turned,
        'Annotations/a.xml': xml(
          [
            ['dog', 1, 1, 2, 2],
            ['cat', 1, 1, 2, 2],
          ],
          size,
        ),
      })
      expect(warnings).toEqual([
        '1 of 3 images are turned by their EXIF orientation, and their boxes are taken to be drawn on what viewers show (JPEGImages/a.jpg)',
      ])
    },
  )
})

test('images without boxes are background, and counted; a split of nothing else is an error', async () => {
  const bare = xml([], null)
  expect((await voc({ 'Annotations/b.xml': bare })).warnings).toEqual([
    '1 of 2 training images have no box, and are background alone (JPEGImages/b.JPG)',
  ])
  await expect(voc({ 'Annotations/c.xml': bare })).rejects.toThrow('data: no validation image has a box')
})

test.each([
  ['ImageSets/Main/train.txt', 'a\nz\n', 'train.txt lists z, and data/Annotations/z.xml is missing'],
  ['ImageSets/Main/train.txt', 'a 1\n', 'train.txt lists a 1, and data/Annotations/a 1.xml is missing'],
  ['ImageSets/Main/train.txt', 'a\na\n', 'train.txt lists a twice'],
  ['ImageSets/Main/train.txt', '\n', 'train.txt lists no image'],
  ['JPEGImages/a.png', 'x', 'data/JPEGImages has a twice'],
  [
    'Annotations/a.xml',
    '<annotation><object>',
    'a.xml is no XML, or ends too soon: unclosed xml tag(s): annotation, object',
  ],
  ['Annotations/a.xml', '<annotation', 'a.xml is no XML, or ends too soon: unexpected end of input'],
  ['Annotations/a.xml', '', 'a.xml is no XML, or ends too soon: missing root element'],
  [
    'Annotations/a.xml',
    '<!DOCTYPE annotation [<!ENTITY x "dog">]><annotation><folder>&x;</folder></annotation>',
    'entity not found:&x;',
  ],
  ['Annotations/a.xml', '<html></html>', 'a.xml is no <annotation>, but a <html>'],
  [
    'Annotations/a.xml',
    '<annotation><object><name>dog</name></object></annotation>',
    'object 1 has no <bndbox>',
  ],
  ['JPEGImages/a.jpg', 'no image', 'data/JPEGImages/a.jpg is no image that is known'],
])('%s of %j is an error', async (key, content, message) => {
  await expect(voc({ [key]: text(content) })).rejects.toThrow(message)
})

test('an annotation whose image is missing is named', async () => {
  const { 'JPEGImages/a.jpg': _, ...rest } = files
  await expect(open({ kind: 'voc' }, rest)).rejects.toThrow(
    'image data/JPEGImages/a.jpg is missing, of which data/Annotations/a.xml has the boxes',
  )
})

test('the same image in two splits is told', async () => {
  const same = {
    'JPEGImages/c.png': files['JPEGImages/a.jpg']!,
    'Annotations/c.xml': xml([['dog', 1, 1, 2, 2]], null),
  }
  expect((await voc(same)).warnings[0]).toMatch(/^1 of 1 validation images are training images too/)
})

test('the fingerprint is of images, names, classes and boxes, and not of how the file writes them', async () => {
  const { fingerprint } = await voc()
  const changes = async (more: Files, config?: object) =>
    (await voc(more, config)).fingerprint !== fingerprint
  const a = new TextDecoder().decode(files['Annotations/a.xml'])
  const changesA = (from: string, to: string) =>
    changes({ 'Annotations/a.xml': text(a.replaceAll(from, to)) })
  expect(await changesA('>', ' >')).toBe(false)
  expect(await changesA('<xmax>20<', '<xmax>19<')).toBe(true)
  expect(await changesA('<difficult>1', '<difficult>0')).toBe(true)
  expect(await changes({}, { classes: ['dog', 'cat'] })).toBe(true)
  expect(await changes({ 'JPEGImages/a.jpg': picture(10, 20) })).toBe(true)
})

test('files of a known fingerprint are read when they are loaded', async () => {
  const broken = { ...files, 'JPEGImages/c.png': text('no image') }
  const dataset = await open({ kind: 'voc' }, broken, { fingerprint: 'known' })
  expect(dataset.fingerprint).toBe('known')
  expect((await dataset.load(dataset.train[0]!)).boxes).toHaveLength(2)
  await expect(dataset.load(dataset.validation[0]!)).rejects.toThrow('c.png is no image')
})

test('a limit spreads over the sorted names', async () => {
  const { train } = await voc({}, { limit: { train: 1 } })
  expect(train.map(({ name }) => name)).toEqual(['a'])
})
