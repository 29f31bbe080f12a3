import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { measureDataset } from '../../cli/measure-dataset.ts'
import { imagesOf, openIfHere } from '../../cli/open-if-here.ts'
import { classificationConfig, datasetConfig } from '../../nas/data/config.ts'
import { emptyFolder, writePng } from './trellis.ts'

const classFolders = (path: string) => ({
  pipeline: 'densenas',
  dataset: classificationConfig.parse({ kind: 'class-folders', path }),
})

test('only a dataset that is missing is not here', async () => {
  const folder = emptyFolder()
  expect(await openIfHere(classFolders(join(folder, 'none')))).toBeUndefined()
  expect(imagesOf(undefined)).toEqual({ train: 0, validation: 0 })
  await expect(openIfHere(classFolders(folder))).rejects.toThrow(`no class folders in ${folder}/train`)
})

test('any other fault is what a search says', async () => {
  const folder = emptyFolder()
  for (const image of ['train/a', 'train/b', 'val/a', 'val/b', 'val/c'])
    writePng(join(folder, image, '0.png'), [8, 8], 3, 100)
  await expect(openIfHere(classFolders(folder))).rejects.toThrow(
    /val\/c is a class that .*train\/ does not have/,
  )
  mkdirSync(join(folder, 'train/c'))
  await expect(openIfHere(classFolders(folder))).rejects.toThrow(/no images .* in .*\/train\/c$/)
})

test('its masks are read: a value that is no class is found, and a class that none holds', async () => {
  const folder = emptyFolder()
  for (const split of ['train', 'val']) {
    writePng(join(folder, 'images', split, 'a.png'), [8, 8], 3, 100)
    writePng(join(folder, 'annotations', split, 'a.png'), [8, 8], 1, 0, 1)
  }
  const ofClasses = (classes: number) => ({
    pipeline: 'dpc',
    dataset: datasetConfig.parse({ kind: 'folders', path: folder, classes }),
  })
  const count = async (classes: number) =>
    (await measureDataset(ofClasses(classes), (await openIfHere(ofClasses(classes)))!)).counts
  await expect(count(1)).rejects.toThrow(/has value 1/)
  await expect(count(3)).rejects.toThrow(/no training mask holds class "class 2"/)
  expect(await count(2)).toMatchObject({ train: { classes: [32, 32] } })
})
