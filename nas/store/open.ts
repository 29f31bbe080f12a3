import { folderStore } from './folder.ts'
import { s3Store } from './s3.ts'
import type { VersionedStore } from './store.ts'

/** The store at a location that a person wrote: the path of a folder, or `s3://bucket/prefix`. */
export const openStore = (location: string): VersionedStore =>
  location.startsWith('s3://') ? s3Store(location) : folderStore(location)
