import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { classificationConfig, datasetConfig } from '../../../nas/data/config.ts'
import { surveyDataset } from '../../../nas/data/survey.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { classification } from '../../../nas/tasks/classification.ts'
import { segmentation } from '../../../nas/tasks/segmentation.ts'
import { type Files, mask, picture } from './memory.ts'

/** A folder with those files; in their names, `?` is a byte that is no UTF-8. */
function written(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-names-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [key, bytes] of Object.entries(files)) {
    const path = Buffer.from(join(folder, key).replaceAll('?', '\xff'), 'latin1')
    mkdirSync(path.subarray(0, dirname(join(folder, key)).length), { recursive: true })
    writeFileSync(path, bytes)
  }
  return folder
}

const labels = mask([[0, 1]])
const pairs: Files = {
  'images/train/a.png': picture(1, 2),
  'annotations/train/a.png': labels,
  'images/val/b.png': picture(1, 2),
  'annotations/val/b.png': labels,
}
const folders = (path: string) => datasetConfig.parse({ kind: 'folders', path, classes: 2 })
const classes = Object.fromEntries(
  ['train', 'val'].flatMap((split) =>
    ['a', 'b'].map((name) => [`${split}/${name}/0.png`, picture(1, 1)] as const),
  ),
)

test.each<readonly [string, Files, string]>([
  [
    'an image and its mask',
    { 'images/train/x?.png': picture(1, 2), 'annotations/train/x?.png': labels },
    'images/train/x\ufffd.png',
  ],
  ['a mask', { 'annotations/train/x?.png': labels }, 'annotations/train/x\ufffd.png'],
])('a name that is not UTF-8, of %s, is one error for a search and for an estimate', async (_, more, key) => {
  const path = written({ ...pairs, ...more })
  const error = {
    message: `${path}/${key} has a name that is not UTF-8`,
    fix: expect.stringContaining('rename it'),
  }
  const source = folders(path)
  await expect(surveyDataset(segmentation, source, folderStore)).rejects.toMatchObject(error)
  await expect(segmentation.open(source, folderStore, { fingerprint: 'not checked' })).rejects.toMatchObject(
    error,
  )
})

test('of a class folder likewise', async () => {
  const path = written({ ...classes, 'train/c?/0.png': picture(1, 1) })
  const source = classificationConfig.parse({ kind: 'class-folders', path })
  const error = { message: `${path}/train/c\ufffd has a name that is not UTF-8` }
  await expect(surveyDataset(classification, source, folderStore)).rejects.toMatchObject(error)
  await expect(
    classification.open(source, folderStore, { fingerprint: 'not checked' }),
  ).rejects.toMatchObject(error)
})

test('what lies beside the dataset, or is hidden, may have any name, and so may a file whose name holds U+FFFD', async () => {
  const path = written({ ...pairs, 'notes?.txt': labels, 'images/train/.x?.png': labels })
  for (const [folder, bytes] of [
    ['images', picture(1, 2)],
    ['annotations', labels],
  ] as const)
    writeFileSync(join(path, folder, 'train', 'x\ufffd.png'), bytes)
  const { dataset } = await surveyDataset(segmentation, folders(path), folderStore)
  expect(dataset.train).toHaveLength(2)
})
