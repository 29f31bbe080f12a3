import { folderStore } from './folder.ts'
import { s3Store } from './s3.ts'
import type { ObjectStore } from './store.ts'

/** The store at a location that a person wrote: the path of a folder, or `s3://bucket/prefix`. */
export const openStore = (location: string): ObjectStore =>
  location.startsWith('s3://') ? s3Store(location) : folderStore(location)
