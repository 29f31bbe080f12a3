import type { Dirent } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TrellisError } from '../errors.ts'
import { isAbsent, storeFailed } from './file-errors.ts'
import { UNFINISHED } from './valid-key.ts'

/**
 * Keys below `parent` that start with `prefix`, in order.
 * @throws TrellisError `store-failed` for a name among them that is not UTF-8, but for hidden ones
 */
export async function* walk(location: string, prefix: string, parent: string): AsyncGenerator<string> {
  for (const name of await childrenOf(join(location, parent))) {
    const key = parent + name
    if (key.startsWith(prefix) && !name.startsWith('.'))
      await checkUtf8(join(location, parent, name.replace(/\/$/, '')))
    if (!key.endsWith('/')) {
      if (key.startsWith(prefix)) yield key
    } else if (key.startsWith(prefix) || prefix.startsWith(key)) {
      yield* walk(location, prefix, key)
    }
  }
}

/** What Node writes for bytes that are no UTF-8. A file of this name has it in its name. */
const REPLACEMENT = '\ufffd'

async function checkUtf8(path: string): Promise<void> {
  if (!path.includes(REPLACEMENT) || (await lstat(path).catch(() => undefined)) !== undefined) return
  throw new TrellisError('store-failed', `${path} has a name that is not UTF-8`, {
    fix: 'rename it: ls -b shows its bytes',
    permanent: true,
  })
}

/** Names in a folder, in the order of the keys that start with them; a folder's name ends in `/`. */
export async function childrenOf(path: string): Promise<string[]> {
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
