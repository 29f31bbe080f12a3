import { z } from 'zod'
import type { ObjectReader, VersionedStore } from '../store/store.ts'

/** The files of a dataset at one time: the store's version of each key. */
export const inventorySchema = z.record(z.string(), z.string()).readonly()
export type Inventory = z.infer<typeof inventorySchema>

/** A store that reads the files of a dataset, and their versions. */
export type VersionedReader = Pick<VersionedStore, 'location' | 'get' | 'list' | 'folders' | 'versions'>

/** @param prefixes of the keys of the dataset's files, below `folder` */
export async function takeInventory(
  reader: Pick<VersionedStore, 'versions'>,
  prefixes: readonly string[],
  folder = '',
): Promise<Inventory> {
  const files: Record<string, string> = {}
  for (const prefix of prefixes) {
    for await (const [key, version] of reader.versions(folder + prefix))
      files[key.slice(folder.length)] = version
  }
  return files
}

/** Whether all files are unchanged; there may be new ones. */
export const stillHolds = (files: Inventory, now: Inventory): boolean =>
  Object.entries(files).every(([key, version]) => now[key] === version)

/** Whether all files are unchanged and there are no new ones. */
export const isSame = (files: Inventory, now: Inventory): boolean =>
  Object.keys(files).length === Object.keys(now).length && stillHolds(files, now)

/** A reader of those files alone: files that were added later are not part of the dataset. */
export const readerOf = (files: Inventory, reader: ObjectReader): ObjectReader => ({
  location: reader.location,
  get: async (key) => (key in files ? reader.get(key) : undefined),
  async *list(prefix) {
    yield* Object.keys(files).filter((key) => key.startsWith(prefix))
  },
})
