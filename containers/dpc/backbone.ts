import { TrellisError } from '../../nas/errors.ts'
import { backboneKeys } from '../../nas/pipelines/dpc/keys.ts'
import { decodeSafetensors } from '../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Tensors } from '../../nas/tensor.ts'

/** The trained backbone that a run starts from. */
export async function readBackbone(store: ObjectStore, backbone: string): Promise<Tensors> {
  const key = backboneKeys(backbone).weights
  const bytes = await store.get(key)
  if (bytes === undefined)
    throw new TrellisError('not-found', `${store.location}/${key} does not exist`, {
      fix: 'delete the manifest beside it, then resume the run',
    })
  return decodeSafetensors(bytes, `${store.location}/${key}`).tensors
}
