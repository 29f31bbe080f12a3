import { TrellisError } from '../nas/errors.ts'

const SPACE = 'free some space on that disk'
const RIGHT = 'give this user the right to it'

/** What the system refuses whatever a program does, and what a person can do about it. */
const FIXES: Readonly<Record<string, string>> = {
  EMFILE: 'let a process open more files: ulimit -n 1024',
  ENFILE: 'let the system open more files, or end other programs',
  EAGAIN: 'let this user start more processes: ulimit -u',
  ENOMEM: 'free some memory, or run fewer jobs at once: --set compute.concurrency=1',
  ENOSPC: SPACE,
  EDQUOT: SPACE,
  EROFS: 'name a folder on a disk that can be written',
  EIO: 'look after that disk',
  EACCES: RIGHT,
  EPERM: RIGHT,
}

/** An error of the system as a TrellisError `service-failed`; anything else as it is. */
export function explainSystemError(thrown: unknown): unknown {
  if (thrown instanceof TrellisError || !(thrown instanceof Error)) return thrown
  const { code = '', errno } = thrown as NodeJS.ErrnoException
  const fix = FIXES[code]
  return errno === undefined || fix === undefined
    ? thrown
    : new TrellisError('service-failed', thrown.message, { fix, cause: thrown })
}
