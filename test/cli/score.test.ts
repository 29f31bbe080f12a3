import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scoreJson } from '../../cli/json.ts'
import { readFixture } from '../nas/metrics/detection/fixture.ts'
import { emptyFolder, trellis } from './trellis.ts'

type Entry = Record<string, unknown>
interface Annotations {
  images: Entry[]
  annotations: Entry[]
  categories: Entry[]
}

const fixture = readFixture('torchmetrics')

/** The fixture as COCO's two files have it. */
const detections = (): Entry[] =>
  fixture.detections.map((row) => ({
    image_id: row[0],
    category_id: row[1],
    bbox: row.slice(2, 6),
    score: row[6],
  }))
const annotations = (): Annotations => ({
  images: fixture.images.map((id) => ({ id })),
  annotations: fixture.truths.map((row) => ({
    ...{ id: row[0], image_id: row[1], category_id: row[2] },
    ...{ bbox: row.slice(3, 7), area: row[7], iscrowd: row[8] },
  })),
  categories: fixture.categories.map((id) => ({ id, name: `class ${id}` })),
})

/** Scores two files, given as text or as what is JSON. */
async function score(found: unknown, truth: unknown, ...args: readonly string[]) {
  const folder = emptyFolder()
  const write = (file: string, value: unknown) =>
    writeFileSync(join(folder, file), typeof value === 'string' ? value : JSON.stringify(value))
  write('found.json', found)
  write('truth.json', truth)
  return trellis(folder, 'score', 'found.json', '--truth', 'truth.json', ...args)
}

describe('with --json', () => {
  test('one line has the twelve numbers of pycocotools and AP of each class, -1 where there is no truth', async () => {
    const { status, stdout, stderr } = await score(detections(), annotations(), '--json')
    expect({ status, stderr, lines: stdout.split('\n').length }).toEqual({ status: 0, stderr: '', lines: 2 })
    const { stats, classes } = scoreJson.parse(JSON.parse(stdout))
    expect(stats).toEqual(fixture.stats.map((value) => expect.closeTo(value, 9)))
    expect(classes).toEqual(
      fixture.classes.map(([id, ap, ap50]) => ({
        ...{ id, name: `class ${id}` },
        ...{ ap: expect.closeTo(ap!, 9), ap50: expect.closeTo(ap50!, 9) },
      })),
    )
    expect(classes[3]!.ap).toBe(-1)
  })

  test('no detection scores 0, where pycocotools reads no empty list', async () => {
    const { status, stdout } = await score([], annotations(), '--json')
    expect({ status, stats: JSON.parse(stdout).stats }).toEqual({ status: 0, stats: Array(12).fill(0) })
  })

  test('no annotation scores -1', async () => {
    const { stdout } = await score(detections(), { ...annotations(), annotations: [] }, '--json')
    expect(JSON.parse(stdout).stats).toEqual(Array(12).fill(-1))
  })

  test('an annotation without iscrowd is no crowd', async () => {
    const truth = annotations()
    for (const each of truth.annotations) delete each.iscrowd
    const { stdout } = await score(detections(), truth, '--json')
    expect(JSON.parse(stdout).stats[0]).toBeCloseTo(fixture.stats[0]!, 9)
  })
})

test('a table has the twelve, in percent, and a row a class', async () => {
  const { status, stdout } = await score(detections(), annotations())
  expect(status).toBe(0)
  expect(stdout).toMatch(/^4 images, 11 objects, 11 detections\n/)
  expect(stdout).toMatch(/^AP, mean of IoU 0\.50 to 0\.95 +70\.60\nAP at IoU 0\.50 +90\.10\n/m)
  expect(stdout).toMatch(/^class 2 +45\.45 +50\.50\nclass 3 +– +–\n/m)
})

test('what pycocotools passes over in silence is told on standard error', async () => {
  const truth = annotations()
  Object.assign(truth.annotations[0]!, { id: 0 })
  Object.assign(truth.annotations[1]!, { image_id: 99 })
  const { status, stdout, stderr } = await score(detections(), truth, '--json')
  expect(stderr).toMatch(
    /^warning: .*1 annotation of images or categories .*\nwarning: .*annotation 0 counts/,
  )
  expect({ status, classes: JSON.parse(stdout).classes.length }).toEqual({ status: 0, classes: 6 })
})

describe('one line and a fix refuse', () => {
  const changed = (change: Entry) => detections().map((each, i) => (i === 3 ? { ...each, ...change } : each))
  const truthWith = (key: keyof Annotations, i: number, change: Entry) => {
    const truth = annotations()
    truth[key][i] = { ...truth[key][i], ...change }
    return truth
  }
  const text = JSON.stringify(detections())

  test.each<[what: string, found: unknown, truth: unknown, message: RegExp]>([
    ['what is no JSON', '{"a":', annotations(), /found\.json is not valid JSON/],
    ['NaN', text.replace(/0\.\d+}/, 'NaN}'), annotations(), /found\.json is not valid JSON: it holds NaN/],
    [
      'a number beyond all',
      text.replace(/0\.\d+}/, '1e999}'),
      annotations(),
      /\[0\]\.score must be a number/,
    ],
    ['what is no list', '3', annotations(), /found\.json is not a list of detections/],
    ['a missing score', changed({ score: undefined }), annotations(), /found\.json: \[3\]\.score is missing/],
    ['a missing bbox', changed({ bbox: undefined }), annotations(), /\[3\]\.bbox is missing/],
    [
      'masks',
      changed({ bbox: undefined, segmentation: {} }),
      annotations(),
      /\[3\] .* only boxes are scored/,
    ],
    ['a bbox of three', changed({ bbox: [1, 2, 3] }), annotations(), /\[3\]\.bbox must be four numbers/],
    ['a negative width', changed({ bbox: [1, 2, -3, 4] }), annotations(), /\[3\]\.bbox\.2 must be .*not -3/],
    ['an unknown image', changed({ image_id: 77 }), annotations(), /\[3\] is of image 77, which the truth/],
    ['an unknown category', changed({ category_id: 77 }), annotations(), /\[3\] is of category 77, which/],
    ['two swapped files', annotations(), detections(), /truth\.json is a list, .* swapped\?/],
    [
      'annotations for detections',
      annotations(),
      annotations(),
      /found\.json holds annotations, .* swapped\?/,
    ],
    ['two images of a number', [], truthWith('images', 1, { id: 1 }), /two entries of image 1/],
    [
      'two annotations of a number',
      [],
      truthWith('annotations', 1, { id: 1 }),
      /two entries of annotation 1/,
    ],
    ['two categories of a number', [], truthWith('categories', 1, { id: 0 }), /two entries of category 0/],
    ['missing annotations', [], { ...annotations(), annotations: undefined }, /annotations is missing/],
    [
      'an annotation without area',
      [],
      truthWith('annotations', 2, { area: undefined }),
      /annotations\[2\] \(id 3\)\.area is missing/,
    ],
  ])('%s', async (_, found, truth, message) => {
    const { status, stdout, stderr } = await score(found, truth, '--json')
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^trellis: .*\n {2}fix: .*\n$/)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })

  test.each([
    ['a file that is not there', 'none.json', /cannot read none\.json: ENOENT/],
    ['an address of S3', 's3://bucket/found.json', /s3:\/\/bucket\/found\.json is not on this computer/],
  ])('%s', async (_, file, message) => {
    const { status, stderr } = await trellis(emptyFolder(), 'score', 'found.json', '--truth', file)
    expect(stderr).toMatch(message)
    expect(status).toBe(2)
  })
})

test('names of classes do nothing to a terminal', async () => {
  const truth = annotations()
  Object.assign(truth.categories[0]!, { name: '\u001b[2J' })
  const { stdout } = await score(detections(), truth)
  expect(stdout).toContain('\\x1b[2J')
  expect(stdout).not.toContain('\u001b')
})
