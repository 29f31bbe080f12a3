import { describe, expect, test } from 'vitest'
import { type Files, picture, text } from '../memory.ts'
import { clear, json, open } from './fixtures.ts'

let objectId = 0
const object = (synset: string | undefined, [x, y, w, h] = [1, 1, 4, 4]) => ({
  object_id: ++objectId,
  names: ['thing'],
  synsets: synset === undefined ? [] : [synset, 'other.n.01'],
  ...{ x, y, w, h },
})
const objects = [
  { image_id: 1, objects: [object('man.n.01'), object('tree.n.01'), object(undefined)] },
  { image_id: 2, objects: [object('tree.n.01', [-2, 0, 6, 3]), object('tree.n.01'), object('axe.n.01')] },
  { image_id: 3, objects: [object('man.n.01'), object('man.n.01'), object('tree.n.01')] },
  { image_id: 4, objects: [object('tree.n.01')] },
]
const files: Files = {
  'objects.json': json(objects),
  'image_data.json': json([1, 2, 3, 4].map((image_id) => ({ image_id, height: 10, width: 12, url: 'x' }))),
  'VG_100K/1.jpg': picture(10, 12),
  'VG_100K_2/2.jpg': picture(10, 12),
  'VG_100K_2/3.jpg': picture(10, 12),
  'VG_100K/4.jpg': picture(10, 12),
  'val.txt': text('3\n'),
  'test.txt': text('4\n'),
}
const lists = { validation: 'val.txt', test: 'test.txt', classes: 2 }
const genome = (config: object = lists, more: Files = {}) =>
  open({ kind: 'visual-genome', ...config }, { ...files, ...more })

test('classes are the most frequent first synsets of the training images; other objects are left out', async () => {
  const dataset = await genome()
  expect(dataset.classes).toEqual(['tree.n.01', 'axe.n.01'])
  expect(
    [dataset.train, dataset.validation, dataset.test].map((refs) => refs.map(({ name }) => name)),
  ).toEqual([['1', '2'], ['3'], ['4']])
  expect(await dataset.boxesOf(dataset.train[0]!)).toEqual([
    { box: [1, 1, 5, 5], label: 0, area: 16, ...clear },
  ])
})

test('what sticks out is clipped; what lies outside or is inverted is dropped, as nobody corrects millions', async () => {
  const flawed = objects.map(({ image_id, objects }) => ({
    image_id,
    objects: [...objects, object('tree.n.01', [12, 0, 3, 3]), object('tree.n.01', [5, 5, -2, 2])],
  }))
  const { warnings, train, boxesOf } = await genome(lists, { 'objects.json': json(flawed) })
  expect(warnings.filter((said) => said.includes('boxes'))).toEqual([
    expect.stringMatching(
      /^1 of \d+ boxes stick out .* by at most 2 px \(data\/objects.json: image 2: object 4\)/,
    ),
    expect.stringMatching(/^8 boxes that are inverted or outside of their images are left out/),
  ])
  expect((await boxesOf(train[1]!))[0]!.box).toEqual([0, 0, 4, 3])
})

describe('splits', () => {
  const many: Files = {
    'objects.json': json(
      Array.from({ length: 40 }, (_, i) => ({ image_id: i + 1, objects: [object('tree.n.01')] })),
    ),
    'image_data.json': json(
      Array.from({ length: 40 }, (_, i) => ({ image_id: i + 1, height: 10, width: 12 })),
    ),
  }
  const splits = async (config: object) => {
    const { train, validation, test } = await open(
      { kind: 'visual-genome', ...config },
      { ...files, ...many },
      {
        fingerprint: 'known',
      },
    )
    return [train, validation, test].map((refs) => refs.map(({ name }) => Number(name)))
  }

  test('are drawn by the seed, and apart', async () => {
    const [train, validation, kept] = await splits({ validation: 0.9, test: 'test.txt' })
    expect([train!.length, validation!.length, kept]).toEqual([4, 35, [4]])
    expect(new Set([...train!, ...validation!, 4]).size).toBe(40)
    expect(await splits({ validation: 0.9, test: 'test.txt' })).toEqual([train, validation, kept])
    expect((await splits({ validation: 0.9, test: 'test.txt', seed: 1 }))[1]).not.toEqual(validation)
  })

  test('are listed; what no list names is training', async () => {
    expect((await splits({ validation: 'val.txt' })).map(({ length }) => length)).toEqual([39, 1, 0])
    const [train] = await splits({ train: 'test.txt', validation: 'val.txt' })
    expect(train).toEqual([4])
  })

  test('one alone needs no other, and has the classes that are given', async () => {
    const only = { split: 'validation', classes: ['man.n.01'] } as const
    const { 'VG_100K/1.jpg': _, ...rest } = files
    const dataset = await open({ kind: 'visual-genome', ...lists }, rest, { only })
    expect([dataset.train.length, dataset.validation.length, dataset.classes]).toEqual([0, 1, ['man.n.01']])
    expect(await dataset.boxesOf(dataset.validation[0]!)).toHaveLength(2)
  })
})

test.each([
  [{ 'val.txt': text('5\n') }, 'val.txt lists 5, and image_data.json has no such image'],
  [{ 'val.txt': text('3\n3\n') }, 'val.txt lists 3 twice'],
  [{ 'val.txt': text('') }, 'val.txt lists no image'],
  [{ 'objects.json': json([...objects, objects[0]]) }, 'objects.json has image 1 twice'],
  [
    { 'objects.json': json([{ image_id: 1, objects: [{ ...object('man.n.01'), w: '3' }] }]) },
    '[0].objects.0.w',
  ],
  [{ 'image_data.json': json([{ image_id: 1, height: 0, width: 1 }]) }, '[0].height'],
  [{ 'VG_100K/1.jpg': picture(10, 11) }, 'VG_100K/1.jpg is 10x11, data/objects.json: image 1 says 10x12'],
])('%# is an error', async (changed, message) => {
  await expect(genome(lists, changed)).rejects.toThrow(message)
})
