import { lstat, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { TrellisError } from '../nas/errors.ts'
import { errnoOf, storeFailed } from '../nas/store/file-errors.ts'
import { folderStore } from '../nas/store/folder.ts'

/**
 * Writes a file that a user names: all of it, or nothing. A link stays a link, and what it leads to is written.
 * @param option that names it, for errors
 * @throws TrellisError `invalid-config` for what is there and no file, such as a device, a pipe or a folder; `store-failed` where it
 * cannot be written
 */
export async function writeOutput(path: string, bytes: Uint8Array, option: string): Promise<void> {
  const target = await targetOf(path)
  await folderStore(dirname(target)).put(basename(target), bytes).catch(inWordsOf(option))
}

/**
 * @param option that names it, for errors
 * @throws TrellisError `invalid-config` where something is there already, also a link that leads nowhere; `store-failed` where
 * nothing can be
 */
export async function checkAbsent(path: string, option: string): Promise<void> {
  const found = await lstat(path).catch((error) => {
    if (errnoOf(error) === 'ENOENT') return undefined
    return inWordsOf(option)(storeFailed('write', path, error))
  })
  if (found === undefined) return
  throw new TrellisError('invalid-config', `${path} is there already, and is not overwritten`, {
    fix: `move it away, or name another place with ${option}`,
  })
}

/** A folder store speaks of the store. */
const inWordsOf =
  (option: string) =>
  (error: unknown): never => {
    if (!(error instanceof TrellisError)) throw error
    const fix = FIXES[errnoOf(error.cause) ?? ''] ?? 'name another place'
    throw new TrellisError(error.code, error.message, { fix: `${fix} with ${option}`, cause: error })
  }

const FIXES: Readonly<Record<string, string>> = {
  EACCES: 'give this user the right to it, or name another place',
  ENAMETOOLONG: 'shorten its name, or name another place',
  ENOENT: 'name a place that can be made',
  ENOSPC: 'free some space on that disk, or name another place',
  ENOTDIR: 'a file is where a folder is needed: name another place',
  EEXIST: 'a file is where a folder is needed: name another place',
}

/** As many as Linux follows. */
const MOST_LINKS = 40

/** Where a path leads, also where nothing is there yet: two paths of one target are one file. */
export async function targetOf(path: string): Promise<string> {
  const there = await orAbsent(stat(path))
  if (there !== undefined && !there.isFile()) throw refused(`${path} is no file, and is not replaced by one`)
  let target = resolve(path)
  for (let links = 0; links <= MOST_LINKS; links++) {
    const parent = (await orAbsent(realpath(dirname(target)))) ?? dirname(target)
    target = join(parent, basename(target))
    const found = await orAbsent(lstat(target))
    if (!found?.isSymbolicLink()) return target
    target = resolve(parent, await readlink(target))
  }
  throw refused(`${path} is a link that leads back to itself`)
}

/** What cannot be looked at is told by the write. */
const orAbsent = <T>(looking: Promise<T>): Promise<T | undefined> => looking.catch(() => undefined)

const refused = (message: string): TrellisError =>
  new TrellisError('invalid-config', message, { fix: 'name a file, or a path where nothing is' })
