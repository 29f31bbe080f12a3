import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { classificationConfig } from '../../../nas/data/config.ts'
import { openClassification } from '../../../nas/data/open-classification.ts'
import { folderStore } from '../../../nas/store/folder.ts'

const archive = join(
  process.env.TRELLIS_DATA ?? resolve(import.meta.dirname, '../../../../shared/data'),
  'cifar10.tar',
)
const present = existsSync(archive)
if (!present) console.warn(`skipped: no ${archive}; name its folder in TRELLIS_DATA`)

const folder = mkdtempSync(join(tmpdir(), 'cifar10-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.skipIf(!present)('every hundredth image of CIFAR-10 opens as it is: 32x32, 10 classes', async () => {
  const some = ['--strip-components=1', '--wildcards', '*00.jpg']
  execFileSync('tar', ['-xf', archive, '-C', folder, ...some])
  const config = classificationConfig.parse({ kind: 'class-folders', path: folder })
  const dataset = await openClassification(config, folderStore)
  expect([dataset.train.length, dataset.validation.length]).toEqual([250, 50])
  expect(dataset.classes[9]).toBe('truck')
  const { height, width, image, label } = await dataset.load(dataset.train[249]!)
  expect([height, width, image.length, label]).toEqual([32, 32, 3072, 9])
})
