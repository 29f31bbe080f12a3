import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DatasetConfig } from '../../../nas/data/config.ts'
import { isSame, takeInventory } from '../../../nas/data/inventory.ts'
import { openSurveyed, surveyDataset } from '../../../nas/data/survey.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { segmentation } from '../../../nas/tasks/segmentation.ts'

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

const survey = () => surveyDataset(segmentation, config, folderStore)
const names = (refs: readonly { readonly name: string }[]) => refs.map(({ name }) => name)

describe('a dataset that was surveyed', () => {
  test('is opened as it was, though files were added since', async () => {
    const { dataset, files } = await survey()
    await add('train', 'later')
    const opened = await openSurveyed(segmentation, config, folderStore, dataset.fingerprint, files)
    expect(opened.fingerprint).toBe(dataset.fingerprint)
    expect(names(opened.train)).toEqual(['a', 'b'])
    expect((await survey()).dataset.fingerprint).not.toBe(dataset.fingerprint)
  })

  test('is opened though its files were written again, the same', async () => {
    const { dataset, files } = await survey()
    utimesSync(join(folder, 'images/train/a.png'), 1, 1)
    expect(isSame(files, await takeInventory(folderStore(folder), ['']))).toBe(false)
    const opened = await openSurveyed(segmentation, config, folderStore, dataset.fingerprint, files)
    expect(opened.fingerprint).toBe(dataset.fingerprint)
  })

  test.each([
    ['replaced', () => writeFileSync(join(folder, 'images/train/a.png'), png(99, 3)), /is not .* any more/],
    ['removed', () => rmSync(join(folder, 'images/train/a.png')), /a\.png is missing/],
  ])('is not opened after a file of it was %s', async (_, change, message) => {
    const { dataset, files } = await survey()
    change()
    await expect(
      openSurveyed(segmentation, config, folderStore, dataset.fingerprint, files),
    ).rejects.toMatchObject({
      code: 'invalid-dataset',
      message: expect.stringMatching(message),
    })
  })

  test('that is drawn is the same by its drawing, and has no files', async () => {
    const street = { kind: 'street', images: 2, validation: 1, height: 32, width: 32, seed: 0 } as const
    const { dataset, files } = await surveyDataset(segmentation, street, folderStore)
    expect(files).toEqual({})
    await openSurveyed(segmentation, street, folderStore, dataset.fingerprint, files)
    await expect(openSurveyed(segmentation, street, folderStore, 'another', files)).rejects.toMatchObject({
      code: 'invalid-dataset',
    })
  })
})

describe('a survey walks through what its layout reads, and through nothing else', () => {
  test('what else lies there need not be readable', async () => {
    const asked: string[] = []
    const files = folderStore(folder)
    const guarded = () => ({
      ...files,
      versions(prefix: string) {
        asked.push(prefix)
        return files.versions(prefix)
      },
    })
    mkdirSync(join(folder, 'lost+found'))
    const { files: noted } = await surveyDataset(segmentation, config, guarded)
    expect(asked).toContain('images/train/')
    expect(asked).not.toContain('')
    expect(Object.keys(noted)).toHaveLength(6)
  })

  test('a link that leads nowhere is named, unless it is hidden', async () => {
    symlinkSync('/mnt/not-mounted/x', join(folder, 'images/train/.#lock'))
    await survey()
    symlinkSync('/mnt/not-mounted/1.png', join(folder, 'images/train/1.png'))
    await expect(survey()).rejects.toMatchObject({
      message: `${join(folder, 'images/train/1.png')} is a link to /mnt/not-mounted/1.png, which is not there`,
      fix: expect.stringContaining('disk not mounted'),
    })
  })

  test('a loop of links ends, and one link to itself is named', async () => {
    symlinkSync('..', join(folder, 'images/train/up'))
    expect((await survey()).dataset.train).toHaveLength(2)
    symlinkSync('self.png', join(folder, 'images/train/self.png'))
    await expect(survey()).rejects.toMatchObject({ fix: 'the link leads back to itself: remove it' })
  })
})
