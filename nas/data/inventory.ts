import { z } from 'zod'
import type { ObjectReader, VersionedStore } from '../store/store.ts'

/** The files of a dataset at a moment: by key, the version that the store gave. */
export const inventorySchema = z.record(z.string(), z.string()).readonly()
export type Inventory = z.infer<typeof inventorySchema>

/** Where a dataset lies that is made of files. */
export type VersionedReader = Pick<VersionedStore, 'location' | 'get' | 'list' | 'versions'>

export async function takeInventory(
  reader: Pick<VersionedStore, 'versions'>,
  folder = '',
): Promise<Inventory> {
  const files: Record<string, string> = {}
  for await (const [key, version] of reader.versions(folder)) files[key.slice(folder.length)] = version
  return files
}

/** Whether each of the files is still there as it was; others may have come since. */
export const stillHolds = (files: Inventory, now: Inventory): boolean =>
  Object.entries(files).every(([key, version]) => now[key] === version)

/** Whether nothing has changed and nothing has come. */
export const isSame = (files: Inventory, now: Inventory): boolean =>
  Object.keys(files).length === Object.keys(now).length && stillHolds(files, now)

/** A reader that sees those files alone: what was added later is not part of that dataset. */
export const readerOf = (files: Inventory, reader: ObjectReader): ObjectReader => ({
  location: reader.location,
  get: async (key) => (key in files ? reader.get(key) : undefined),
  async *list(prefix) {
    yield* Object.keys(files).filter((key) => key.startsWith(prefix))
  },
})
