import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ObjectStore, VersionedStore } from '../../../nas/store/store.ts'

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const text = (found: Uint8Array | undefined): string | undefined =>
  found && new TextDecoder().decode(found)

export async function listed(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const key of store.list(prefix)) keys.push(key)
  return keys
}

/** The promises of every store. @param open an empty store */
export function itKeepsTheContract(open: () => VersionedStore): void {
  describe('as every store', () => {
    it('reads what was put; undefined for an absent key', async () => {
      const store = open()
      await store.put('a/b.json', bytes('one'))
      await store.put('a/b.json', bytes('two'))
      expect(text(await store.get('a/b.json'))).toBe('two')
      expect(await store.get('a')).toBeUndefined()
      expect(await store.get('a/c')).toBeUndefined()
      expect(await store.get('a/b.json/c')).toBeUndefined()
      await store.put('empty', new Uint8Array())
      expect(text(await store.get('empty'))).toBe('')
    })

    it('deletes, once or twice', async () => {
      const store = open()
      await store.put('a/b', bytes('x'))
      await store.delete('a/b')
      await store.delete('a/b')
      expect(await store.get('a/b')).toBeUndefined()
      expect(await listed(store, '')).toEqual([])
    })

    it('writes only where nothing is, when asked to', async () => {
      const store = open()
      expect(await store.putIfAbsent('a', bytes('first'))).toBe(true)
      expect(await store.putIfAbsent('a', bytes('second'))).toBe(false)
      expect(text(await store.get('a'))).toBe('first')
      await store.delete('a')
      expect(await store.putIfAbsent('a', bytes('third'))).toBe(true)
    })

    it('lets exactly one of 50 racing writers win', async () => {
      const store = open()
      const writers = Array.from({ length: 50 }, (_, writer) => writer)
      const won = await Promise.all(
        writers.map((writer) => store.putIfAbsent('trials/t/result.json', bytes(`${writer}`))),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(text(await store.get('trials/t/result.json'))).toBe(`${won.indexOf(true)}`)
    })

    it('lists any prefix in the order of UTF-8 bytes', async () => {
      const part = fc
        .stringMatching(/^[a-c.\-+ 0ü\u{ff5e}\u{1f333}]{1,3}$/u)
        .filter((name) => !/^\.\.?$/.test(name))
      // Every key ends in a name that is no folder's, as a file and a folder cannot share one.
      const key = fc.array(part, { maxLength: 2 }).map((folders) => [...folders, 'leaf'].join('/'))
      const other = fc.tuple(key, part).map(([before, name]) => `${before}s/${name}~`)
      const keys = fc.array(fc.oneof(key, other), { maxLength: 8 })
      await fc.assert(
        fc.asyncProperty(keys, fc.nat(6), async (keys, cut) => {
          const store = open()
          await Promise.all(keys.map((each) => store.put(each, bytes(each))))
          const prefix = [...(keys[0] ?? 'a')].slice(0, cut).join('')
          const expected = [...new Set(keys)].filter((each) => each.startsWith(prefix))
          expected.sort((a, b) => Buffer.compare(bytes(a), bytes(b)))
          expect(await listed(store, prefix)).toEqual(expected)
        }),
        { numRuns: 30 },
      )
    })

    it('has a version that changes with an object, and with no other', async () => {
      const store = open()
      const versions = async () => {
        const found: Record<string, string> = {}
        for await (const [key, version] of store.versions('a')) found[key] = version
        return found
      }
      for (const key of ['a/1', 'a/2', 'ab', 'b']) await store.put(key, bytes(key))
      const before = await versions()
      expect(Object.keys(before)).toEqual(['a/1', 'a/2', 'ab'])
      expect(await versions()).toEqual(before)
      await store.put('a/2', bytes('other'))
      const { 'a/2': after, ...rest } = await versions()
      expect(after).not.toBe(before['a/2'])
      expect({ ...rest, 'a/2': before['a/2'] }).toEqual(before)
    })

    it('never shows a reader half of an object', async () => {
      const store = open()
      const versions = ['a', 'b'].map((letter) => letter.repeat(1 << 20))
      await store.put('big', bytes(versions[0]!))
      const writing = (async () => {
        for (let i = 0; i < 10; i++) await store.put('big', bytes(versions[i % 2]!))
      })()
      for (let i = 0; i < 20; i++) expect(versions.includes(text(await store.get('big'))!)).toBe(true)
      await writing
    })

    it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', './a', 'a/.unfinished-1', 'a\0b'])(
      'refuses the key %j',
      async (key) => {
        const store = open()
        const refused = { code: 'store-failed', fix: expect.stringContaining('e.g. runs/') }
        await expect(store.put(key, bytes('x'))).rejects.toMatchObject(refused)
        await expect(store.putIfAbsent(key, bytes('x'))).rejects.toMatchObject(refused)
        await expect(store.get(key)).rejects.toMatchObject(refused)
        await expect(store.delete(key)).rejects.toMatchObject(refused)
      },
    )
  })
}
