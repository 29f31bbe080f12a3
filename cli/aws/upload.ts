import { takeInventory, type VersionedReader } from '../../nas/data/inventory.ts'
import type { Survey } from '../../nas/data/survey.ts'
import type { RunConfig } from '../../nas/runs/config.ts'
import type { DatasetFacts } from '../../nas/runs/dataset.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { openStore } from '../../nas/store/open.ts'
import type { ObjectReader, ObjectStore, VersionedStore } from '../../nas/store/store.ts'
import { count, counted } from '../../report/format.ts'
import { checkDataset } from '../check-dataset.ts'
import { createTerminal } from '../terminal.ts'

export interface Uploaded extends Survey<DatasetFacts> {
  /** With the dataset as jobs find it. */
  readonly config: RunConfig
}

/**
 * Checks a dataset, wherever it is, and puts its files under `datasets/<fingerprint>/`, each under its own name. What is there already is
 * not sent again: the fingerprint covers the contents, so the same key is the same file.
 */
export async function uploadDataset(store: VersionedStore, config: RunConfig): Promise<Uploaded> {
  const { path } = config.dataset
  if (path === undefined || path.startsWith(`${store.location}/datasets/`))
    return { config, ...(await checkDataset(config)) }
  const { reader, read } = recording(openStore(path))
  const { dataset, ...found } = await checkDataset(config, () => reader)
  const prefix = `datasets/${dataset.fingerprint}`
  await upload(reader, read, store, prefix)
  return {
    config: { ...config, dataset: { ...config.dataset, path: `${store.location}/${prefix}` } },
    dataset,
    ...found,
    files: await takeInventory(store, [''], `${prefix}/`),
  }
}

/** Notes which files are read: what the check of a dataset reads is what a job will. */
function recording(source: VersionedReader): { reader: VersionedReader; read: ReadonlySet<string> } {
  const read = new Set<string>()
  const reader: VersionedReader = {
    location: source.location,
    list: (prefix) => source.list(prefix),
    ...(source.folders && { folders: source.folders }),
    versions: (prefix) => source.versions(prefix),
    get: (key) => {
      read.add(key)
      return source.get(key)
    },
  }
  return { reader, read }
}

async function upload(
  source: ObjectReader,
  keys: ReadonlySet<string>,
  store: ObjectStore,
  prefix: string,
): Promise<void> {
  const there = new Set<string>()
  for await (const key of store.list(`${prefix}/`)) there.add(key)
  const missing = [...keys].filter((key) => !there.has(`${prefix}/${key}`))
  const terminal = createTerminal()
  let done = 0
  try {
    await mapObjects(missing, async (key) => {
      await store.put(`${prefix}/${key}`, (await source.get(key))!)
      const line = `uploading ${counted(missing.length, 'file')} of the dataset: ${count(++done)} done`
      terminal.show({ block: [[line]], line })
    })
  } finally {
    terminal.close()
  }
}
