import { runKeys } from '../nas/runs/keys.ts'
import { cardOf, readModelOf } from '../nas/runs/model.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { plainJsonBytes } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** The model of a trial, and what it says of itself. */
export async function modelFiles(store: ObjectStore, record: RunRecord, trial: string) {
  const model = await readModelOf(store, record, trial)
  return { 'model.onnx': model, 'model.json': plainJsonBytes(cardOf(model)) }
}

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
