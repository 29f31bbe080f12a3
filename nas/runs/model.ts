import { TrellisError } from '../errors.ts'
import { flawOfModel } from '../graph/onnx/checksum.ts'
import { damaged } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { trialKeys } from './keys.ts'
import { trainAgain } from './remedies.ts'

/** The model that the training of a trial has left. @throws TrellisError `not-found`, and `store-failed` for one that is damaged */
export async function readModel(
  store: Pick<ObjectStore, 'get' | 'location'>,
  trial: string,
): Promise<Uint8Array> {
  const { model } = trialKeys(trial)
  const name = `${store.location}/${model}`
  const fix = trainAgain(store, trial)
  const bytes = await store.get(model)
  if (bytes === undefined) throw new TrellisError('not-found', `${name} does not exist`, { fix })
  const flaw = flawOfModel(bytes)
  if (flaw !== undefined) throw damaged(name, flaw, fix)
  return bytes
}
