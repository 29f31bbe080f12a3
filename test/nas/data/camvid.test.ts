import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { datasetConfig } from '../../../nas/data/config.ts'
import { openDataset } from '../../../nas/data/open.ts'
import { folderStore } from '../../../nas/store/folder.ts'

const archive = join(
  process.env.TRELLIS_DATA ?? resolve(import.meta.dirname, '../../../../shared/data'),
  'camvid.tar',
)
const present = existsSync(archive)
if (!present) console.warn(`skipped: no ${archive}; name its folder in TRELLIS_DATA`)

const folder = mkdtempSync(join(tmpdir(), 'camvid-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.skipIf(!present)(
  'CamVid opens as it is: 367 and 101 images of 360x480, 11 classes and void',
  async () => {
    execFileSync('tar', ['-xf', archive, '-C', folder, '--strip-components=1'])
    const config = { kind: 'folders', path: folder, classes: 'classes.txt', ignoreLabel: 11 }
    const all = await openDataset(datasetConfig.parse(config), folderStore, { fingerprint: 'trusted' })
    expect([all.train.length, all.validation.length, all.classes.length]).toEqual([367, 101, 11])

    const limit = { train: 12, validation: 12 }
    const some = await openDataset(datasetConfig.parse({ ...config, limit }), folderStore)
    const { height, width, labels } = await some.load(some.train[0]!)
    expect([height, width]).toEqual([360, 480])
    expect([...new Set(labels)].every((label) => label < 11 || label === 255)).toBe(true)
  },
)
