import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { folderStore } from '../../../nas/store/folder.ts'
import { UNFINISHED } from '../../../nas/store/valid-key.ts'

/** What the file system is asked to do, in order. */
const done = vi.hoisted((): string[] => [])

vi.mock('node:fs/promises', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs/promises')>()
  const noted = (what: string, path: unknown) => done.push(`${what} ${basename(String(path))}`)
  const open = async (...args: Parameters<typeof fs.open>) => {
    const file = await fs.open(...args)
    const sync = file.sync.bind(file)
    file.sync = async () => {
      await sync()
      noted('sync', args[0])
    }
    return file
  }
  const naming = (name: 'rename' | 'link') => async (from: string, to: string) => {
    await fs[name](from, to)
    noted('name', to)
  }
  return { ...fs, open, rename: naming('rename'), link: naming('link') }
})

it('a write is on the disk, with its name and its folders, before it is done', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trellis-sync-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const store = folderStore(folder)
  for (const write of ['put', 'putIfAbsent'] as const) {
    done.length = 0
    await store[write](`${write}/a`, new Uint8Array(3))
    const unfinished = expect.stringMatching(new RegExp(`^sync ${UNFINISHED.replace('.', '\\.')}`))
    expect(done).toEqual([`sync ${basename(folder)}`, unfinished, 'name a', `sync ${write}`])
  }
})
