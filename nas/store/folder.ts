import { randomUUID } from 'node:crypto'
import { constants, type Dirent } from 'node:fs'
import { link, mkdir, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { TrellisError } from '../errors.ts'
import type { VersionedStore } from './store.ts'
import { UNFINISHED, validKey } from './valid-key.ts'

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
    if (!stats.isFile()) throw new Error('it is no regular file')
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** @param name gives the unfinished file its name */
async function write(
  path: string,
  bytes: Uint8Array,
  name: (unfinished: string, path: string) => Promise<void>,
): Promise<void> {
  const unfinished = join(dirname(path), `${UNFINISHED}${randomUUID()}`)
  try {
    await makeFolder(dirname(path))
    await writeThrough(unfinished, bytes)
    await name(unfinished, path)
    await syncFolder(dirname(path))
  } catch (error) {
    throw storeFailed('write', path, error)
  } finally {
    await rm(unfinished, { force: true }).catch(() => {})
  }
}

async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Brings the names in a folder to the disk, where the file system can do that. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r')
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    if (!UNABLE.includes(errnoOf(error) ?? '')) throw error
  }
}

const UNABLE: readonly string[] = ['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EACCES']

/** Keys below `parent` that start with `prefix`, in order. */
async function* walk(location: string, prefix: string, parent: string): AsyncGenerator<string> {
  for (const name of await childrenOf(join(location, parent))) {
    const key = parent + name
    if (!key.endsWith('/')) {
      if (key.startsWith(prefix)) yield key
    } else if (key.startsWith(prefix) || prefix.startsWith(key)) {
      yield* walk(location, prefix, key)
    }
  }
}

/** Names in a folder, in the order of the keys that start with them; a folder's name ends in `/`. */
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

/** Links are followed: a dataset may be a link. */
const isFolder = async (parent: string, entry: Dirent): Promise<boolean> =>
  entry.isSymbolicLink() ? leadsToFolder(parent, entry.name).catch(() => false) : entry.isDirectory()

/** A link to a folder that has led to it would have no end. */
async function leadsToFolder(parent: string, link: string): Promise<boolean> {
  const path = join(parent, link)
  if (!(await stat(path)).isDirectory()) return false
  const target = await realpath(path)
  for (let above = parent; ; above = dirname(above)) {
    if ((await realpath(above)) === target) return false
    if (above === dirname(above)) return true
  }
}

/** One folder at a time: the recursive `mkdir` of Node 20 never returns under a path such as /proc. */
async function makeFolder(path: string): Promise<void> {
  const make = () =>
    mkdir(path).then(
      () => syncFolder(dirname(path)),
      (error) => {
        if (errnoOf(error) !== 'EEXIST') throw error
      },
    )
  try {
    await make()
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await make()
  }
}

const errnoOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** A path that is a folder is no object: its keys are longer. */
const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'EISDIR', 'ERR_FS_EISDIR'].includes(errnoOf(error) ?? '')

const undefinedIfAbsent =
  (verb: string, path: string) =>
  (error: unknown): undefined => {
    if (!isAbsent(error)) throw storeFailed(verb, path, error)
  }

const FIXES: Readonly<Record<string, string>> = {
  EACCES: 'give this user the right to it, or name another folder',
  EPERM: 'give this user the right to it, or name another folder',
  EROFS: 'name a folder on a disk that can be written as the store',
  ENOSPC: 'free some space on that disk',
  EMFILE: 'let a process open more files: ulimit -n 1024',
  ELOOP: 'the link leads back to itself: remove it',
  ENOENT: 'name a folder that can be made as the store',
  ENOTDIR: 'a file is where a folder is needed: name another folder as the store',
  EEXIST: 'a file is where a folder is needed: name another folder as the store',
}

function storeFailed(verb: string, path: string, cause: unknown): TrellisError {
  const errno = errnoOf(cause) ?? (cause as Error).message
  return new TrellisError('store-failed', `cannot ${verb} ${path}: ${errno}`, {
    fix: FIXES[errno] ?? 'see the cause, then resume the run',
    cause,
  })
}
