import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isAbsent, storeFailed } from './file-errors.ts'
import { UNFINISHED } from './valid-key.ts'

/** Keys below `parent` that start with `prefix`, in order. */
export async function* walk(location: string, prefix: string, parent: string): AsyncGenerator<string> {
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
