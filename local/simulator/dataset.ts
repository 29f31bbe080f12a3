import type { Inventory, VersionedReader } from '../../nas/data/inventory.ts'

/** The files of a dataset as its store lists them; no part of the simulator reads one. */
export interface SimulatedDataset extends Pick<VersionedReader, 'versions'> {
  change(files: Inventory): void
}

export function createDataset(initial: Inventory): SimulatedDataset {
  let files = initial
  return {
    change(changed) {
      files = changed
    },
    async *versions(prefix) {
      yield* Object.entries(files).filter(([key]) => key.startsWith(prefix))
    },
  }
}
