import { runKeys } from '../nas/runs/keys.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** Writes what people take away; returns the prefix of its keys. */
export async function putDecoded(
  store: ObjectStore,
  run: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<string> {
  const { decoded } = runKeys(run)
  await Promise.all(Object.entries(files).map(([file, bytes]) => store.put(decoded(file), bytes)))
  return decoded('')
}
