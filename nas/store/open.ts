import { folderStore } from './folder.ts'
import { s3Store } from './s3.ts'
import type { VersionedStore } from './store.ts'

/** @param location the path of a folder, or `s3://bucket/prefix` */
export const openStore = (location: string): VersionedStore =>
  location.startsWith('s3://') ? s3Store(location) : folderStore(location)
