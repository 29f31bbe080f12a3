import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { detectionConfig } from '../../../../nas/data/detection/config.ts'
import { openDetection } from '../../../../nas/data/detection/open.ts'
import { folderStore } from '../../../../nas/store/folder.ts'

const archive = join(
  process.env.TRELLIS_DATA ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'bccd.tar',
)
const present = existsSync(archive)
if (!present) console.warn(`skipped: no ${archive}; name its folder in TRELLIS_DATA`)

const folder = mkdtempSync(join(tmpdir(), 'bccd-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.skipIf(!present)('BCCD opens as it is, with the boxes that its XML files have', async () => {
  execFileSync('tar', ['-xf', archive, '-C', folder, '--strip-components=1'])
  const dataset = await openDetection(detectionConfig.parse({ kind: 'voc', path: folder }), folderStore)
  expect([dataset.train.length, dataset.validation.length, dataset.warnings]).toEqual([205, 87, []])
  expect(dataset.classes).toEqual(['Platelets', 'RBC', 'WBC'])
  // Counted with Python's xml.etree.
  const { counts } = await dataset.measure()
  expect(counts!.train.classes).toEqual([209, 2382, 214])
  expect(counts!.validation.classes).toEqual([83, 968, 87])
})
