import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { classificationConfig, datasetConfig } from '../../../nas/data/config.ts'
import { openSurveyed, surveyDataset } from '../../../nas/data/survey.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { classification } from '../../../nas/tasks/classification.ts'
import { segmentation } from '../../../nas/tasks/segmentation.ts'
import { type Files, mask, picture, text } from './memory.ts'

/** Folders as a Mac keeps them, for configurations as they are typed, and the other way round. */
const FORMS = [
  ['NFD', 'NFC'],
  ['NFC', 'NFD'],
] as const

async function stored(files: Files): Promise<string> {
  const path = mkdtempSync(join(tmpdir(), 'trellis-names-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  for (const [key, bytes] of Object.entries(files)) await folderStore(path).put(key, bytes)
  return path
}

test.each(FORMS)(
  'folders and files that are stored in %s are found by their names in %s',
  async (kept, typed) => {
    const [images, masks, classes] = ['Gem\u00e4lde', 'Masken/\u00e9t\u00e9', 'Stra\u00dfen-\u00fc.txt']
    const [i, m] = [images.normalize(kept), masks.normalize(kept)]
    const path = await stored({
      [`${i}/a.png`]: picture(1, 2),
      [`${m}/a.png`]: mask([[0, 1]]),
      [classes.normalize(kept)]: text('one\ntwo'),
    })
    const place = { images: images.normalize(typed), labels: masks.normalize(typed) }
    const config = datasetConfig.parse({
      kind: 'folders',
      path,
      classes: classes.normalize(typed),
      train: place,
      validation: place,
    })
    const { dataset, files } = await surveyDataset(segmentation, config, folderStore)
    expect(dataset.classes).toEqual(['one', 'two'])
    expect(Object.keys(files).sort()).toEqual([`${i}/a.png`, `${m}/a.png`, classes.normalize(kept)].sort())
    const again = await openSurveyed(segmentation, config, folderStore, dataset.fingerprint, files)
    expect([...(await again.load(again.train[0]!)).labels]).toEqual([0, 1])
  },
)

test.each(FORMS)('so are folders of classes: %s, %s', async (kept, typed) => {
  const [train, val] = ['\u00dcbung'.normalize(kept), 'Pr\u00fcfung'.normalize(kept)]
  const keys = [train, val].flatMap((split) => [`${split}/a/1.png`, `${split}/b/1.png`])
  const path = await stored(Object.fromEntries(keys.map((key) => [key, picture(2, 2)])))
  const config = classificationConfig.parse({
    kind: 'class-folders',
    path,
    train: train.normalize(typed),
    validation: val.normalize(typed),
  })
  const { dataset, files } = await surveyDataset(classification, config, folderStore)
  expect(dataset.train.map(({ name }) => name)).toEqual(['a/1.png', 'b/1.png'])
  expect(Object.keys(files)).toHaveLength(4)
})
