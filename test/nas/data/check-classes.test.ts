import { describe, expect, test } from 'vitest'
import { checkClasses, classWarnings } from '../../../nas/data/check-classes.ts'
import { sharesOf } from '../../../nas/data/class-counts.ts'
import { classificationConfig, datasetConfig } from '../../../nas/data/config.ts'
import { openDataset } from '../../../nas/data/open.ts'
import { openClassification } from '../../../nas/data/open-classification.ts'
import type { TrellisError } from '../../../nas/errors.ts'
import { type Files, mask, memory, picture, text } from './memory.ts'

type Rows = readonly (readonly number[])[]

/** A folder with masks of some rows, an image each. */
const folders = (train: readonly Rows[], validation: readonly Rows[], more: Files = {}): Files => ({
  ...Object.fromEntries(
    [
      ...train.map((rows, i) => ['train', i, rows] as const),
      ...validation.map((rows, i) => ['val', i, rows] as const),
    ].flatMap(([split, i, rows]) => [
      [`images/${split}/${i}.png`, picture(rows.length, rows[0]!.length)],
      [`annotations/${split}/${i}.png`, mask(rows)],
    ]),
  ),
  ...more,
})

async function check(files: Files, more: object) {
  const source = datasetConfig.parse({ kind: 'folders', path: 'data', ...more })
  const { classes, measure } = await openDataset(source, memory(files, 'data'))
  const counts = (await measure()).counts!
  return { classes, counts, check: () => checkClasses(classes, counts, source) }
}

const refusal = async (files: Files, more: object) => {
  try {
    ;(await check(files, more)).check()
  } catch (error) {
    return error
  }
}

describe('a dataset is refused', () => {
  test('whose masks are 0 and 255, of which 255 is void', async () => {
    const rows = [[0, 0, 255, 255, 255]]
    expect(await refusal(folders([rows], [rows]), { classes: ['background', 'tumour'] })).toMatchObject({
      code: 'invalid-dataset',
      message:
        'data: no training mask holds class "tumour" (value 1), so there is nothing to tell apart; they hold 0 (background, 40 %), 255 (void, 60 %)',
      fix: 'write 1 for 255 in the masks if that is "tumour", or correct the classes of the dataset',
    })
  })

  test('whose first class is taken for void', async () => {
    const rows = [[0, 1, 2, 2]]
    const classes = ['sky', 'road', 'car']
    expect(await refusal(folders([rows], [rows]), { classes, zeroIsIgnored: true })).toMatchObject({
      message:
        'data: no training mask holds class "car" (value 3); they hold 0 (void, 25 %), 1 (sky, 25 %), 2 (road, 50 %)',
      fix: expect.stringMatching(
        /^leave out zeroIsIgnored if mask value 0 is "sky", or .*allowAbsentClasses: true/,
      ),
    })
  })

  test('with one class, whether its background is ignored or not', async () => {
    const rows = [[0, 1]]
    expect(
      await refusal(folders([rows], [rows]), { classes: ['tumour'], zeroIsIgnored: true }),
    ).toMatchObject({
      message: 'data: "tumour" is the only class: with one class there is nothing to tell apart',
      fix: expect.stringContaining('classes: [background, tumour]'),
    })
    expect(await refusal(folders([[[0]]], [[[0]]]), { classes: 1 })).toMatchObject({
      fix: 'name the other classes, too',
    })
  })

  test.each(['# name', 'id,name'])('whose class file begins with a line %s', async (line) => {
    const rows = [[0, 1, 2]]
    const files = folders([rows], [rows], { 'classes.txt': text(`${line}\nsky\nroad\ncar\n`) })
    expect(await refusal(files, { classes: 'classes.txt' })).toMatchObject({
      message: expect.stringContaining(
        `no training mask holds class "car" (value 3); they hold 0 (${line}, 33 %)`,
      ),
      fix: expect.stringContaining(`correct classes.txt, each of whose lines is a class: "${line}" to "car"`),
    })
  })

  test('whose ignored value is that of a class', async () => {
    const rows = [[0, 1, 2]]
    const classes = ['sky', 'road', 'car']
    expect(await refusal(folders([rows], [rows]), { classes, ignoreLabel: 1 })).toMatchObject({
      message: expect.stringMatching(
        /holds class "road" \(its value is ignored\); they hold .*1 \(void, 33 %\)/,
      ),
      fix: expect.stringMatching(/^set another ignoreLabel than 1, or /),
    })
  })

  test('that names far too many classes, of which some are named', async () => {
    const rows = [[0, 1, 2, 255]]
    expect(await refusal(folders([rows], [rows]), { classes: 150 })).toMatchObject({
      message: expect.stringMatching(
        /no training mask holds classes "class 3" \(value 3\), .*"class 6" \(value 6\) and 143 more; they hold 0 /,
      ),
    })
  })

  test('whose classes hold many values, told as ranges', async () => {
    const rows = [[0, 1, 2, 3, 4, 5, 6, 7, 9, 255]]
    expect(await refusal(folders([rows], [rows]), { classes: 10 })).toMatchObject({
      message: expect.stringContaining('they hold 0..7, 9, 255 (void, 10 %)'),
    })
  })

  test('of which a limit drops a class', async () => {
    const files = folders([[[0]], [[0, 1]], [[0, 2]]], [[[0, 1]]])
    expect(await refusal(files, { classes: 3, limit: { train: 2 } })).toMatchObject({
      message: expect.stringContaining('class "class 2" (value 2)'),
      fix: expect.stringContaining('raise limit.train'),
    })
    expect(await refusal(files, { classes: 3 })).toBeUndefined()
  })

  test('though absent classes are allowed, where fewer than two are left', async () => {
    const files = folders([[[1]]], [[[1]]])
    expect(await refusal(files, { classes: 3, allowAbsentClasses: true })).toMatchObject({
      message: expect.stringContaining('nothing to tell apart'),
      fix: expect.not.stringContaining('allowAbsentClasses'),
    })
  })

  test('of class folders under a limit', async () => {
    const names = ['a/0', 'a/1', 'b/0', 'c/0'].map((name) => `${name}.png`)
    const files = Object.fromEntries(
      ['train', 'val'].flatMap((split) => names.map((name) => [`${split}/${name}`, picture(1, 1)])),
    )
    const open = async (more: object) => {
      const source = classificationConfig.parse({
        kind: 'class-folders',
        path: 'data',
        limit: { train: 2 },
        ...more,
      })
      const { classes, measure } = await openClassification(source, memory(files, 'data'))
      return { classes, counts: (await measure()).counts!, source }
    }
    const { classes, counts, source } = await open({})
    expect(() => checkClasses(classes, counts, source)).toThrow('data: no training image is of class "c"')
    const allowed = await open({ allowAbsentClasses: true })
    checkClasses(classes, counts, allowed.source)
    expect([...classWarnings(classes, counts)]).toEqual([
      'No training image is of class "c": no network learns what that looks like.',
    ])
  })
})

test('every refusal has a remedy, also of what names no classes', () => {
  const refused = (images: readonly number[], source: object) => {
    const split = { classes: images, ignored: {} }
    const classes = images.map((_, i) => `class ${i}`)
    const counts = { of: 'images', values: [], train: split, validation: split } as const
    try {
      checkClasses(classes, counts, { kind: 'x', ...source })
    } catch (error) {
      return (error as TrellisError).fix
    }
  }
  expect(refused([1, 0], {})).toBe('add images of other classes')
  expect(refused([1, 1, 0], { images: 2 })).toBe('raise images to 3')
  expect(refused([1, 1, 0], { limit: { train: 2 } })).toMatch(
    /^raise limit.train, or set .*allowAbsentClasses/,
  )
  expect(refused([1, 1, 1], {})).toBeUndefined()
})

test('with allowAbsentClasses a warning tells of them, and of what validation lacks and of much void', async () => {
  const files = folders([[[0, 1, 255, 255, 255]]], [[[0, 0, 0, 255]]])
  const {
    classes,
    counts,
    check: checked,
  } = await check(files, {
    classes: ['sky', 'road', 'car'],
    allowAbsentClasses: true,
  })
  checked()
  expect([...classWarnings(classes, counts)]).toEqual([
    'No training mask holds class "car" (value 2): no network learns what that looks like.',
    'No validation mask holds classes "road" (value 1), "car" (value 2): the score does not say how well that is found.',
    '60 % of the training pixels are void (mask value 255), and count for nothing.',
  ])
})

test('test images are warned of as those of validation are', async () => {
  const files = folders([[[0, 1]]], [[[0, 1]]], {
    'photos/a.png': picture(1, 4),
    'masks/a.png': mask([[1, 1, 255, 255]]),
  })
  const { classes, counts } = await check(files, {
    classes: ['sky', 'road'],
    test: { images: 'photos', labels: 'masks' },
  })
  expect([...classWarnings(classes, counts)]).toEqual([
    'No test mask holds class "sky" (value 0): the score does not say how well that is found.',
    '50 % of the test pixels are void (mask value 255), and count for nothing.',
  ])
})

test('counting reads the masks alone, and finds what checking everything finds', async () => {
  const source = datasetConfig.parse({ kind: 'folders', path: 'data', classes: 2, ignoreLabel: 9 })
  const files = folders([[[0, 1, 1, 9]], [[0, 0, 0, 0]]], [[[1, 0, 9, 9]]])
  const checked = await openDataset(source, memory(files, 'data'))
  const read: string[] = []
  const reader = memory(files, 'data')()
  const opened = await openDataset(
    source,
    () => ({
      ...reader,
      get(key) {
        read.push(key)
        return reader.get(key)
      },
    }),
    { fingerprint: 'known' },
  )
  const seen: [number, number][] = []
  const measures = await opened.measure((done, total) => seen.push([done, total]))
  expect(measures).toEqual(await checked.measure())
  const counts = measures.counts!
  expect(sharesOf(counts.train)).toMatchObject({ classes: [5 / 8, 2 / 8], void: 1 / 8 })
  expect(sharesOf(counts.validation)).toMatchObject({ classes: [1 / 4, 1 / 4], void: 2 / 4 })
  expect(read.every((key) => key.startsWith('annotations/'))).toBe(true)
  expect(seen.at(-1)).toEqual([3, 3])
})

describe('boxes', () => {
  const of = (train: readonly number[], validation = train) => ({
    of: 'boxes' as const,
    values: [],
    train: { classes: train, ignored: {} },
    validation: { classes: validation, ignored: {} },
  })
  const source = { kind: 'voc', path: 'data' }

  test('may be of one class, which is told from background', () => {
    expect(() => checkClasses(['car'], of([3]), source)).not.toThrow()
    const two = { ...source, allowAbsentClasses: true }
    expect(() => checkClasses(['car', 'bus'], of([3, 0]), two)).not.toThrow()
  })

  test('of a class that no training image has are missed', () => {
    const classes = ['car', 'bus']
    const refusal = { message: 'data: no training box is of class "bus"' }
    expect(() => checkClasses(classes, of([3, 0]), source)).toThrow(
      expect.objectContaining({
        ...refusal,
        fix: 'set dataset.allowAbsentClasses: true if that is meant',
      }),
    )
    expect(() => checkClasses(classes, of([3, 0]), { ...source, kind: 'coco' })).toThrow(
      expect.objectContaining({
        ...refusal,
        fix: 'name those that there are: classes: [a, b], or set dataset.allowAbsentClasses: true if that is meant',
      }),
    )
    expect([...classWarnings(classes, of([1, 1], [1, 0]))]).toEqual([
      'No validation box is of class "bus": the score does not say how well that is found.',
    ])
  })

  test('of which there are none leave nothing to tell apart, whatever is allowed', () => {
    const lenient = { ...source, allowAbsentClasses: true }
    expect(() => checkClasses(['car'], of([0]), lenient)).toThrow(
      'data: no training box is of class "car", so there is nothing to tell apart',
    )
  })
})
