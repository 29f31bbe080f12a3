import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DatasetConfig } from '../../../nas/data/config.ts'
import { isSame, takeInventory } from '../../../nas/data/inventory.ts'
import { openDataset } from '../../../nas/data/open.ts'
import { openSurveyed, surveyDataset } from '../../../nas/data/survey.ts'
import { folderStore } from '../../../nas/store/folder.ts'

let folder: string
let config: DatasetConfig
const png = (value: number, channels: 1 | 3) =>
  encode({ width: 4, height: 4, channels, data: new Uint8Array(16 * channels).fill(value) })

async function add(split: 'train' | 'val', name: string, value = 7) {
  const store = folderStore(folder)
  await store.put(`images/${split}/${name}.png`, png(value, 3))
  await store.put(`annotations/${split}/${name}.png`, png(0, 1))
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-survey-'))
  config = { kind: 'folders', path: folder, classes: 2, ignoreLabel: 255, zeroIsIgnored: false }
  for (const name of ['a', 'b']) await add('train', name)
  await add('val', 'c')
})
afterEach(() => rmSync(folder, { recursive: true }))

const survey = () => surveyDataset(openDataset, config, folderStore)
const names = (refs: readonly { readonly name: string }[]) => refs.map(({ name }) => name)

describe('a dataset that was surveyed', () => {
  test('is opened as it was, though files were added since', async () => {
    const { dataset, files } = await survey()
    await add('train', 'later')
    const opened = await openSurveyed(openDataset, config, folderStore, dataset.fingerprint, files)
    expect(opened.fingerprint).toBe(dataset.fingerprint)
    expect(names(opened.train)).toEqual(['a', 'b'])
    expect((await survey()).dataset.fingerprint).not.toBe(dataset.fingerprint)
  })

  test('is opened though its files were written again, the same', async () => {
    const { dataset, files } = await survey()
    utimesSync(join(folder, 'images/train/a.png'), 1, 1)
    expect(isSame(files, await takeInventory(folderStore(folder)))).toBe(false)
    const opened = await openSurveyed(openDataset, config, folderStore, dataset.fingerprint, files)
    expect(opened.fingerprint).toBe(dataset.fingerprint)
  })

  test.each([
    ['replaced', () => writeFileSync(join(folder, 'images/train/a.png'), png(99, 3)), /is not .* any more/],
    ['removed', () => rmSync(join(folder, 'images/train/a.png')), /a\.png is missing/],
  ])('is not opened after a file of it was %s', async (_, change, message) => {
    const { dataset, files } = await survey()
    change()
    await expect(
      openSurveyed(openDataset, config, folderStore, dataset.fingerprint, files),
    ).rejects.toMatchObject({
      code: 'invalid-dataset',
      message: expect.stringMatching(message),
    })
  })

  test('that is drawn is the same by its drawing, and has no files', async () => {
    const street = { kind: 'street', images: 2, validation: 1, height: 32, width: 32, seed: 0 } as const
    const { dataset, files } = await surveyDataset(openDataset, street, folderStore)
    expect(files).toEqual({})
    await openSurveyed(openDataset, street, folderStore, dataset.fingerprint, files)
    await expect(openSurveyed(openDataset, street, folderStore, 'another', files)).rejects.toMatchObject({
      code: 'invalid-dataset',
    })
  })
})
