import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderStore } from '../../../nas/store/folder.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { UNFINISHED } from '../../../nas/store/valid-key.ts'
import { bytes, itKeepsTheContract, listed } from './contract.ts'

let folder: string
let store: ObjectStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trellis-store-'))
  store = folderStore(join(folder, 'made', 'on-first-write'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a folder store', () => {
  let opened = 0
  itKeepsTheContract(() => folderStore(join(folder, `${opened++}`)))

  it('never lists an unfinished write, and leaves none behind', async () => {
    await store.put('a/whole', bytes('x'))
    await store.putIfAbsent('a/whole', bytes('y'))
    expect(await readdir(join(store.location, 'a'))).toEqual(['whole'])
    await writeFile(join(store.location, 'a', `${UNFINISHED}1`), 'half')
    expect(await listed(store, '')).toEqual(['a/whole'])
  })

  it('reads no device and waits for no pipe', async () => {
    await mkdir(store.location, { recursive: true })
    await symlink('/dev/zero', join(store.location, 'zero'))
    await promisify(execFile)('mkfifo', [join(store.location, 'pipe')])
    for (const key of ['zero', 'pipe'])
      await expect(store.get(key)).rejects.toMatchObject({
        code: 'store-failed',
        message: expect.stringContaining('it is no regular file'),
      })
  })

  it('lists no folder that has led to itself', async () => {
    for (const name of ['a', 'b']) {
      await mkdir(join(store.location, name), { recursive: true })
      await writeFile(join(store.location, name, 'image.png'), 'x')
    }
    for (const link of ['all', 'above', 'here', 'again'])
      await symlink(store.location, join(store.location, 'a', link))
    await symlink(join(store.location, 'b'), join(store.location, 'a', 'other'))
    for (const link of ['back', 'same'])
      await symlink(join(store.location, 'a'), join(store.location, 'b', link))
    // As other links that lead to no object.
    const links = ['above', 'again', 'all', 'here'].map((link) => `a/${link}`)
    const others = ['back', 'image.png', 'same'].map((name) => `a/other/${name}`)
    expect(await listed(store, 'a/')).toEqual([...links, 'a/image.png', ...others])
  })

  it('follows links to datasets and passes over broken ones', async () => {
    await mkdir(join(folder, 'elsewhere'))
    await writeFile(join(folder, 'elsewhere', 'image.png'), 'x')
    await mkdir(store.location, { recursive: true })
    await symlink(join(folder, 'elsewhere'), join(store.location, 'linked'))
    await symlink(join(folder, 'nowhere'), join(store.location, 'gone'))
    expect(await listed(store, 'linked/')).toEqual(['linked/image.png'])
    expect(await store.get('gone')).toBeUndefined()
  })

  it('lets exactly one of many racing processes win', async () => {
    const program = `
      import { folderStore } from ${JSON.stringify(new URL('../../../nas/store/folder.ts', import.meta.url).href)}
      const store = folderStore(process.argv[2])
      let won = 0
      for (let i = 0; i < 50; i++) won += await store.putIfAbsent('race/' + i, Buffer.from(process.argv[3])) ? 1 : 0
      console.log(won)`
    const script = join(folder, 'racer.mts')
    await writeFile(script, program)
    const run = promisify(execFile)
    const racers = ['a', 'b', 'c'].map((name) =>
      run(process.execPath, ['--import', 'tsx', script, store.location, name], { cwd: process.cwd() }),
    )
    const wins = (await Promise.all(racers)).map(({ stdout }) => Number(stdout))
    expect(wins.reduce((sum, won) => sum + won, 0)).toBe(50)
  })

  it.skipIf(process.platform !== 'linux')('gives up under a path where no folder can be made', async () => {
    await expect(folderStore('/proc/trellis/store').put('a', bytes('a'))).rejects.toMatchObject({
      code: 'store-failed',
      fix: 'name a folder that can be made as the store',
    })
  })

  it('names the path and the errno when it cannot write', async () => {
    await writeFile(join(folder, 'file'), 'x')
    const inFile = folderStore(join(folder, 'file'))
    await expect(inFile.put('a/b', bytes('x'))).rejects.toMatchObject({
      code: 'store-failed',
      message: expect.stringMatching(new RegExp(`${join(folder, 'file', 'a', 'b')}: (ENOTDIR|EEXIST)`)),
      fix: expect.stringContaining('another folder'),
    })
  })

  it.skipIf(process.getuid?.() === 0)(
    'names the path and the errno of a folder without the right to write',
    async () => {
      await chmod(folder, 0o500)
      await expect(store.put('a', bytes('x'))).rejects.toMatchObject({
        code: 'store-failed',
        message: `cannot write ${join(store.location, 'a')}: EACCES`,
      })
      await chmod(folder, 0o700)
    },
  )
})
