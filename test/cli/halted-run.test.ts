import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { folderStore } from '../../nas/store/folder.ts'
import { emptyFolder, startTrellis, trellis, writeConfig } from './trellis.ts'

test('a store that goes away in the middle of a run is told as the cause, and resume goes on when it is back', async () => {
  const folder = emptyFolder()
  const store = join(folder, 'trellis-store')
  const { ended } = startTrellis(folder, ['search', writeConfig(folder), '--run', 'a'])
  const isTraining = async () => {
    for await (const key of folderStore(store).list('runs/a/ledger/')) return key
    throw new Error('no job runs')
  }
  await vi.waitFor(isTraining, { timeout: 120_000, interval: 20 })
  renameSync(store, join(folder, 'away'))
  writeFileSync(store, 'something else')
  const { status, stderr } = await ended
  expect(stderr).toMatch(/^trellis: .*cannot write .*trellis-store.*: ENOTDIR/m)
  expect(stderr).toMatch(/^ {2}fix: .*; then go on with: trellis resume a/m)
  expect(status).toBe(3)
  rmSync(store)
  renameSync(join(folder, 'away'), store)
  const resumed = await trellis(folder, 'resume', 'a')
  expect(resumed).toMatchObject({ status: 0, stdout: expect.stringContaining('Run a is finished') })
}, 300_000)
