import { TrellisError } from '../nas/errors.ts'
import { runKeys, trialKeys } from '../nas/runs/keys.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** The model that the training of a winner has left. */
export async function trainedModel(store: ObjectStore, trial: string): Promise<Uint8Array> {
  const trained = trialKeys(trial)
  const model = await store.get(trained.model)
  if (model !== undefined) return model
  throw new TrellisError('not-found', `${store.location}/${trained.model} does not exist`, {
    fix: `delete ${store.location}/${trained.result}, then resume the run: the winner is trained again`,
  })
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
