import { TrellisError } from '../errors.ts'

/** Names that start with this are unfinished writes: never listed, never valid in a key. */
export const UNFINISHED = '.unfinished-'

/** Returns the key if it can be stored everywhere; throws `store-failed` for one that could leave the store or be ambiguous. */
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
