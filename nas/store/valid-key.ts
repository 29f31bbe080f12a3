import { TrellisError } from '../errors.ts'

/** The prefix of unfinished writes, which are never listed and invalid in keys. */
export const UNFINISHED = '.unfinished-'

/** @returns the key. @throws TrellisError `store-failed` for a key that could leave the store or is ambiguous */
export function validKey(key: string, location: string): string {
  const bad = key
    .split('/')
    .find(
      (part) =>
        part === '' || part === '.' || part === '..' || part.includes('\0') || part.startsWith(UNFINISHED),
    )
  if (bad === undefined) return key
  throw new TrellisError(
    'store-failed',
    `${JSON.stringify(key)} is not a key of ${location}: bad part ${JSON.stringify(bad)}`,
    {
      fix: 'use parts without "." and "..", separated by single slashes, e.g. runs/street-1/config.json',
    },
  )
}
