import { TrellisError } from '../errors.ts'
import { WORDS } from '../words.ts'
import { folderStore } from './folder.ts'
import { locationSchema } from './location.ts'
import { s3Store } from './s3.ts'
import type { VersionedStore } from './store.ts'

/**
 * @param location the path of a folder, or `s3://bucket/prefix`
 * @throws TrellisError `invalid-config` for what is neither
 */
export function openStore(location: string): VersionedStore {
  const parsed = locationSchema.safeParse(location, WORDS)
  if (!parsed.success)
    throw new TrellisError('invalid-config', `cannot open ${location}: ${parsed.error.issues[0]!.message}`, {
      fix: 'name a folder, or an address s3://bucket/prefix',
      cause: parsed.error,
    })
  return location.startsWith('s3://') ? s3Store(location) : folderStore(location)
}
