import { TrellisError } from '../errors.ts'
import { flawOfModel } from '../graph/onnx/checksum.ts'
import { metadataOf, withMetadata } from '../graph/onnx/metadata.ts'
import { damaged } from '../store/json.ts'
import { decodeSafetensors } from '../store/safetensors.ts'
import type { ObjectStore } from '../store/store.ts'
import type { Tensors } from '../tensor.ts'
import { trialKeys } from './keys.ts'
import type { RunRecord } from './record.ts'
import { TRAIN_AGAIN } from './remedies.ts'

type Reader = Pick<ObjectStore, 'get' | 'location'>

/** A model that its trainer left, to be taken away: it also says of which run it is, and by which version of Trellis. */
export async function readModelOf(
  store: Reader,
  { run, code }: Pick<RunRecord, 'run' | 'code'>,
  trial: string,
): Promise<Uint8Array> {
  const more = { run, trial, version: code }
  return withMetadata(
    await readModel(store, trial),
    Object.fromEntries(Object.entries(more).map(([name, value]) => [name, JSON.stringify(value)])),
  )
}

/** What a model says of itself: all that a program must know to run it. */
export const cardOf = (model: Uint8Array): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(metadataOf(model)).map(([name, value]) => [name, JSON.parse(value)]))

/** What the training of a trial has left for a predictor. */
export interface Trained {
  readonly weights: Tensors
  /** What its model says of itself: see `cardOf`. */
  readonly card: object
}

/** @throws TrellisError `not-found`, and `store-failed` for what is damaged */
export const readTrained = async (store: Reader, trial: string): Promise<Trained> => ({
  weights: await readWeights(store, trial),
  card: cardOf(await readModel(store, trial)),
})

/** The model that the training of a trial has left. @throws TrellisError `not-found`, and `store-failed` for one that is damaged */
export async function readModel(store: Reader, trial: string): Promise<Uint8Array> {
  const { name, bytes } = await readLeft(store, trialKeys(trial).model)
  const flaw = flawOfModel(bytes)
  if (flaw !== undefined) throw damaged(name, flaw, TRAIN_AGAIN)
  return bytes
}

/** The weights that the training of a trial has left. @throws TrellisError `not-found`, and `store-failed` for damaged ones */
export async function readWeights(store: Reader, trial: string): Promise<Tensors> {
  const { name, bytes } = await readLeft(store, trialKeys(trial).weights)
  try {
    return decodeSafetensors(bytes, name).tensors
  } catch (cause) {
    throw damaged(name, 'is not what was written there', TRAIN_AGAIN, cause)
  }
}

async function readLeft(store: Reader, key: string) {
  const name = `${store.location}/${key}`
  const bytes = await store.get(key)
  if (bytes === undefined) throw new TrellisError('not-found', `${name} does not exist`, { fix: TRAIN_AGAIN })
  return { name, bytes }
}
