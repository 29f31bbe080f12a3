import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderStore } from '../../../nas/store/folder.ts'
import { openStore } from '../../../nas/store/open.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { UNFINISHED } from '../../../nas/store/valid-key.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (found: Uint8Array | undefined) => found && new TextDecoder().decode(found)
const listed = async (store: ObjectStore, prefix: string) => {
  const keys: string[] = []
  for await (const key of store.list(prefix)) keys.push(key)
  return keys
}

let folder: string
let store: ObjectStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trellis-store-'))
  store = folderStore(join(folder, 'made', 'on-first-write'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a folder store', () => {
  it('gives back what was put, and nothing where nothing was', async () => {
    await store.put('a/b.json', bytes('one'))
    await store.put('a/b.json', bytes('two'))
    expect(text(await store.get('a/b.json'))).toBe('two')
    expect(await store.get('a')).toBeUndefined()
    expect(await store.get('a/c')).toBeUndefined()
    expect(await store.get('a/b.json/c')).toBeUndefined()
    await store.delete('a/b.json')
    await store.delete('a/b.json')
    expect(await store.get('a/b.json')).toBeUndefined()
  })

  it('lists any prefix in UTF-16 order, as an S3 bucket would', async () => {
    const part = fc.stringMatching(/^[a-c.\-+0]{1,3}$/).filter((name) => !/^\.\.?$/.test(name))
    // Every key ends in a name that is no folder's, as a file and a folder cannot share one.
    const key = fc.array(part, { maxLength: 2 }).map((folders) => [...folders, 'leaf'].join('/'))
    const other = fc.tuple(key, part).map(([before, name]) => `${before}s/${name}~`)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(key, other), { maxLength: 8 }), fc.nat(6), async (keys, cut) => {
        await rm(store.location, { recursive: true, force: true })
        for (const each of keys) await store.put(each, bytes(each))
        const prefix = (keys[0] ?? 'a').slice(0, cut)
        expect(await listed(store, prefix)).toEqual(
          [...new Set(keys)].filter((each) => each.startsWith(prefix)).sort(),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('never lists an unfinished write, and leaves none behind', async () => {
    await store.put('a/whole', bytes('x'))
    await store.putIfAbsent('a/whole', bytes('y'))
    expect(await readdir(join(store.location, 'a'))).toEqual(['whole'])
    await writeFile(join(store.location, 'a', `${UNFINISHED}1`), 'half')
    expect(await listed(store, '')).toEqual(['a/whole'])
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

  it('lets exactly one of many racing writers win', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, writer) =>
        store.putIfAbsent('trials/t/result.json', bytes(`${writer}`)),
      ),
    )
    expect(outcomes.filter(Boolean)).toHaveLength(1)
    expect(text(await store.get('trials/t/result.json'))).toBe(`${outcomes.indexOf(true)}`)
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

  it('never shows a reader half of an object', async () => {
    const versions = ['a', 'b'].map((letter) => bytes(letter.repeat(1 << 20)))
    await store.put('big', versions[0]!)
    const writing = (async () => {
      for (let i = 0; i < 20; i++) await store.put('big', versions[i % 2]!)
    })()
    for (let i = 0; i < 40; i++) {
      const seen = text(await store.get('big'))!
      expect(seen === 'a'.repeat(1 << 20) || seen === 'b'.repeat(1 << 20)).toBe(true)
    }
    await writing
  })

  it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', './a', `a/${UNFINISHED}1`, 'a\0b'])(
    'refuses the key %j',
    async (key) => {
      await expect(store.put(key, bytes('x'))).rejects.toMatchObject({ code: 'store-failed' })
      await expect(store.get(key)).rejects.toMatchObject({ code: 'store-failed' })
    },
  )

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

describe('openStore', () => {
  it('opens a folder, and says that it cannot open a bucket', () => {
    expect(openStore(folder).location).toBe(folder)
    expect(() => openStore('s3://bucket/prefix')).toThrow(expect.objectContaining({ code: 'unsupported' }))
  })
})
