import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errnoOf, storeFailed } from './file-errors.ts'
import { UNFINISHED } from './valid-key.ts'

/**
 * Writes to an unfinished file in the same folder, which then gets its name atomically. File and folder are on the disk before a write
 * is done.
 * @param name gives the unfinished file its name
 */
export async function write(
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
