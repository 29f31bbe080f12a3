import { TrellisError } from '../errors.ts'

export const errnoOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** A path that is a folder is no object: its keys are longer. */
export const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'EISDIR', 'ERR_FS_EISDIR'].includes(errnoOf(error) ?? '')

export const undefinedIfAbsent =
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
  EIO: 'look after that disk',
  ENAMETOOLONG: 'shorten the name of it, or of a folder that it is in',
  ELOOP: 'the link leads back to itself: remove it',
  ENOENT: 'name a folder that can be made as the store',
  ENOTDIR: 'a file is where a folder is needed: name another folder as the store',
  EEXIST: 'a file is where a folder is needed: name another folder as the store',
}

/** What is found where a file should be. */
export const NO_FILE = 'it is no regular file'

export function storeFailed(verb: string, path: string, cause: unknown): TrellisError {
  const errno = errnoOf(cause) ?? (cause as Error).message
  return new TrellisError('store-failed', `cannot ${verb} ${path}: ${errno}`, {
    fix:
      errno === NO_FILE
        ? 'remove it, or put a file there'
        : (FIXES[errno] ?? 'look after the disk that it is on'),
    cause,
  })
}
