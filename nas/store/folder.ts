import { randomUUID } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { TrellisError } from '../errors.ts'
import type { VersionedStore } from './store.ts'
import { UNFINISHED, validKey } from './valid-key.ts'

/**
 * Objects as files under one folder, which is made on the first write.
 *
 * A write goes to an unfinished file beside its target and gets its name in one step: `rename` replaces, `link` refuses
 * where the name is taken, so of any number of racing processes exactly one wins.
 */
export function folderStore(folder: string): VersionedStore {
  const location = resolve(folder)
  const pathOf = (key: string) => join(location, validKey(key, location))

  async function write(
    key: string,
    bytes: Uint8Array,
    name: (unfinished: string, path: string) => Promise<void>,
  ) {
    const path = pathOf(key)
    const unfinished = join(dirname(path), `${UNFINISHED}${randomUUID()}`)
    try {
      await makeFolder(dirname(path))
      await writeFile(unfinished, bytes)
      await name(unfinished, path)
    } catch (error) {
      throw storeFailed('write', path, error)
    } finally {
      await rm(unfinished, { force: true }).catch(() => {})
    }
  }

  async function* walk(prefix: string, parent: string): AsyncGenerator<string> {
    for (const name of await childrenOf(join(location, parent))) {
      const key = parent + name
      if (!key.endsWith('/')) {
        if (key.startsWith(prefix)) yield key
      } else if (key.startsWith(prefix) || prefix.startsWith(key)) {
        yield* walk(prefix, key)
      }
    }
  }

  return {
    location,
    async get(key) {
      const path = pathOf(key)
      try {
        return await readFile(path)
      } catch (error) {
        if (isAbsent(error)) return undefined
        throw storeFailed('read', path, error)
      }
    },
    put: (key, bytes) => write(key, bytes, rename),
    async putIfAbsent(key, bytes) {
      let won = true
      await write(key, bytes, (unfinished, path) =>
        link(unfinished, path).catch((error) => {
          if (errnoOf(error) !== 'EEXIST') throw error
          won = false
        }),
      )
      return won
    },
    list: (prefix) => walk(prefix, ''),
    async *versions(prefix) {
      for await (const key of walk(prefix, '')) {
        const path = pathOf(key)
        try {
          const { size, mtimeMs } = await stat(path)
          yield [key, `${size}-${mtimeMs}`]
        } catch (error) {
          if (!isAbsent(error)) throw storeFailed('read', path, error)
        }
      }
    },
    async delete(key) {
      const path = pathOf(key)
      await rm(path).catch((error) => {
        if (!isAbsent(error)) throw storeFailed('delete', path, error)
      })
    },
  }
}

/** Names in a folder in the order of the keys under them; a folder's name ends in `/`, as its keys go on. */
async function childrenOf(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    const finished = entries.filter((entry) => !entry.name.startsWith(UNFINISHED))
    const names = await Promise.all(
      finished.map(async (entry) => ((await isFolder(path, entry)) ? `${entry.name}/` : entry.name)),
    )
    return names.sort(byUtf8)
  } catch (error) {
    if (isAbsent(error)) return []
    throw storeFailed('list', path, error)
  }
}

const byUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** Links are followed: people link to datasets rather than copy them. */
const isFolder = async (parent: string, entry: Dirent): Promise<boolean> =>
  entry.isSymbolicLink()
    ? stat(join(parent, entry.name)).then(
        (target) => target.isDirectory(),
        () => false,
      )
    : entry.isDirectory()

/** One at a time: under a path such as /proc, the recursive `mkdir` of Node 20 never returns. */
async function makeFolder(path: string): Promise<void> {
  const make = () =>
    mkdir(path).catch((error) => {
      if (errnoOf(error) !== 'EEXIST') throw error
    })
  try {
    await make()
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await make()
  }
}

const errnoOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** A folder where a file is asked for holds other keys, not that one. */
const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'EISDIR', 'ERR_FS_EISDIR'].includes(errnoOf(error) ?? '')

const FIXES: Readonly<Record<string, string>> = {
  EACCES: 'give this user the right to it, or name another folder as the store',
  EPERM: 'give this user the right to it, or name another folder as the store',
  EROFS: 'name a folder on a disk that can be written as the store',
  ENOSPC: 'free some space on that disk',
  ENOENT: 'name a folder that can be made as the store',
  ENOTDIR: 'a file is where a folder is needed: name another folder as the store',
  EEXIST: 'a file is where a folder is needed: name another folder as the store',
}

function storeFailed(verb: string, path: string, cause: unknown): TrellisError {
  const errno = errnoOf(cause) ?? String(cause)
  return new TrellisError('store-failed', `cannot ${verb} ${path}: ${errno}`, {
    fix: FIXES[errno] ?? 'see the cause, then resume the run',
    cause,
  })
}
