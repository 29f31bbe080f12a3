import { TrellisError } from '../errors.ts'
import { damaged, RESUME } from '../store/json.ts'
import { decodeSafetensors } from '../store/safetensors.ts'
import type { ObjectStore } from '../store/store.ts'
import type { Tensors } from '../tensor.ts'

/** An object that a job has made for all runs, and what says that it is there. */
interface Made {
  readonly key: string
  readonly manifest: string
}

/**
 * Reads features or a backbone. Where they are damaged, or missing although their manifest is there, they are deleted: the
 * search then finds that they are to be made, and makes what is missing of them again.
 * @throws TrellisError `store-failed` for such; `not-found` where they have not been made
 */
export async function readMade(
  store: Pick<ObjectStore, 'location' | 'get' | 'delete'>,
  { key, manifest }: Made,
): Promise<Tensors> {
  const name = `${store.location}/${key}`
  const bytes = await store.get(key)
  if (bytes === undefined && (await store.get(manifest)) === undefined)
    throw new TrellisError('not-found', `${name} does not exist`, { fix: 'resume the run: it is made first' })
  try {
    if (bytes !== undefined) return decodeSafetensors(bytes, name).tensors
  } catch (cause) {
    if (!(cause instanceof TrellisError)) throw cause
    await forget(store, { key, manifest })
    throw damaged(cause.message, '(it was deleted)', RESUME, cause)
  }
  await forget(store, { key, manifest })
  throw damaged(name, 'is missing, although its manifest was there', RESUME)
}

/** The manifest says that all is whole, so it goes first. */
async function forget(store: Pick<ObjectStore, 'delete'>, { key, manifest }: Made): Promise<void> {
  await store.delete(manifest)
  await store.delete(key)
}
