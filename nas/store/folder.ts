import { constants } from 'node:fs'
import { link, open, readlink, rename, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { TrellisError } from '../errors.ts'
import { write } from './durable-write.ts'
import { errnoOf, NO_FILE, undefinedIfAbsent } from './file-errors.ts'
import type { VersionedStore } from './store.ts'
import { validKey } from './valid-key.ts'
import { childrenOf, walk } from './walk.ts'

/**
 * Objects as files under one folder, which is made on the first write.
 *
 * A write goes to an unfinished file in the same folder, which then gets its name atomically: `rename` replaces, `link` fails
 * where the name exists, so exactly one of any number of racing processes wins. File and folder are on the disk before a write is
 * done: what was written outlives a power cut, and what refers to it is never there without it.
 */
export function folderStore(folder: string): VersionedStore {
  const location = resolve(folder)
  const pathOf = (key: string) => join(location, validKey(key, location))
  return {
    location,
    async get(key) {
      const path = pathOf(key)
      return readObject(path).catch(undefinedIfAbsent('read', path))
    },
    async put(key, bytes) {
      await write(pathOf(key), bytes, rename)
    },
    async putIfAbsent(key, bytes) {
      let won = true
      await write(pathOf(key), bytes, (unfinished, path) =>
        link(unfinished, path).catch((error) => {
          if (errnoOf(error) !== 'EEXIST') throw error
          won = false
        }),
      )
      return won
    },
    list: (prefix) => walk(location, prefix, ''),
    async folders(prefix) {
      const names = await childrenOf(join(location, prefix))
      return names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1))
    },
    async *versions(prefix) {
      for await (const key of walk(location, prefix, '')) {
        const path = pathOf(key)
        const found = await stat(path).catch(undefinedIfAbsent('read', path))
        if (found && !found.isDirectory()) yield [key, `${found.size}-${found.mtimeMs}`]
        else if (!found) await checkLink(path)
      }
    },
    async delete(key) {
      const path = pathOf(key)
      await rm(path).catch(undefinedIfAbsent('delete', path))
    },
  }
}

/**
 * What a link leads to may be on a disk that is not there. Editors leave hidden links that lead nowhere.
 * @throws TrellisError `store-failed` for any other link
 */
async function checkLink(path: string): Promise<void> {
  const target = await readlink(path).catch(() => undefined)
  if (target === undefined || basename(path).startsWith('.')) return
  throw new TrellisError('store-failed', `${path} is a link to ${target}, which is not there`, {
    fix: 'bring that back (is a disk not mounted?), or remove the link',
    permanent: true,
  })
}

/** Reading a device or a pipe might never end; neither is opened in a way that waits. */
async function readObject(path: string): Promise<Uint8Array | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await file.stat()
    if (stats.isDirectory()) return undefined
    if (!stats.isFile()) throw new Error(NO_FILE)
    return await file.readFile()
  } finally {
    await file.close()
  }
}
