import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DetectionConfig } from '../../../nas/data/detection/config.ts'
import { openSurveyed, surveyDataset } from '../../../nas/data/survey.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { detection } from '../../../nas/tasks/detection.ts'
import { xml } from '../data/detection/fixtures.ts'
import { picture, text } from '../data/memory.ts'

let folder: string
let config: DetectionConfig
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-detection-'))
  config = { kind: 'voc', path: folder, train: 'train', validation: 'val' }
  const store = folderStore(folder)
  for (const name of ['a', 'b']) {
    await store.put(`JPEGImages/${name}.png`, picture(8, name === 'a' ? 8 : 9))
    await store.put(`Annotations/${name}.xml`, xml([['cat', 1, 1, 4, 4]], null))
  }
  await store.put('ImageSets/Main/train.txt', text('a'))
  await store.put('ImageSets/Main/val.txt', text('b'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a dataset is surveyed, and opened again as it was', async () => {
  const { dataset, files, counts, warnings, extent } = await surveyDataset(detection, config, folderStore)
  expect([counts!.train.classes, counts!.of, warnings]).toEqual([[1], 'boxes', []])
  // The larger sides of an 8x8 and an 8x9 image, and the pixels of both.
  expect(extent).toEqual({ height: 8, width: 9, pixels: 64 + 72 })
  expect(Object.keys(files)).toHaveLength(6)
  const again = () => openSurveyed(detection, config, folderStore, dataset.fingerprint, files)
  expect((await again()).classes).toEqual(['cat'])
  await folderStore(folder).put('Annotations/b.xml', xml([['cat', 1, 1, 5, 4]], null))
  await expect(again()).rejects.toThrow(`is not ${dataset.fingerprint} any more`)
})

const result = {
  status: 'succeeded',
  score: 0.4,
  ap50: 0.6,
  ap75: 0.3,
  bySize: { small: 0.1, medium: 0.5, large: null },
  classes: [{ ap: 0.4, ap50: 0.6, precision: Array<number>(21).fill(0.5) }, null],
  loss: 1,
  parameters: 1,
  multiplyAdds: 1,
}

test('a result has AP and its parts, and nothing else', () => {
  expect(detection.result.parse(result)).toEqual(result)
  for (const wrong of [{ score: 1.1 }, { bySize: { small: 1 } }, { classes: undefined }, { seconds: 1 }])
    expect(detection.result.safeParse({ ...result, ...wrong }).success).toBe(false)
})

test('datasets have names', () => {
  const street = { kind: 'street', images: 1, validation: 1, height: 32, width: 32, seed: 0 } as const
  expect(detection.nameOf(street)).toBe('Synthetic street, boxes')
  expect(detection.nameOf({ kind: 'bdd100k', path: 'x' })).toBe('BDD100K')
  expect(detection.nameOf(config)).toBe(folder)
})
