import { TrellisError } from '../errors.ts'
import { folderStore } from './folder.ts'
import type { ObjectStore } from './store.ts'

/** The store at a location that a person wrote: the path of a folder. */
export function openStore(location: string): ObjectStore {
  if (location.startsWith('s3://')) {
    throw new TrellisError('unsupported', `this build of Trellis cannot open ${location}`, {
      fix: 'name a folder as the store',
    })
  }
  return folderStore(location)
}
