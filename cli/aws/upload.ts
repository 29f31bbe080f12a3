import { takeInventory, type VersionedReader } from '../../nas/data/inventory.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { openStore } from '../../nas/store/open.ts'
import type { ObjectReader, ObjectStore, VersionedStore } from '../../nas/store/store.ts'
import type { DatasetSource, Task } from '../../nas/tasks/task.ts'
import { count, counted } from '../../report/format.ts'
import { checkDataset } from '../check-dataset.ts'
import { lookInPlace } from '../look-at.ts'
import type { LookedAt } from '../pipelines/pipeline.ts'
import { createTerminal } from '../terminal.ts'

/**
 * Checks a dataset, wherever it is, and puts its files under `datasets/<fingerprint>/`, each under its own name. What is there already is
 * not sent again: the fingerprint covers the contents, so the same key is the same file.
 */
export async function uploadDataset(
  store: VersionedStore,
  task: Task,
  source: DatasetSource,
): Promise<LookedAt> {
  const { path } = source
  if (path === undefined || path.startsWith(`${store.location}/datasets/`)) return lookInPlace(task, source)
  const { reader, read } = recording(openStore(path))
  const { dataset, ...found } = await checkDataset(task, source, () => reader)
  const prefix = `datasets/${dataset.fingerprint}`
  await upload(reader, read, store, prefix)
  return {
    source: { ...source, path: `${store.location}/${prefix}` },
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
