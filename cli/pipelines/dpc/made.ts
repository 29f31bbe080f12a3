import { backboneKey } from '../../../nas/pipelines/dpc/backbone.ts'
import { featuresKey, featuresManifestSchema } from '../../../nas/pipelines/dpc/features.ts'
import type { DpcRun } from '../../../nas/pipelines/dpc/run.ts'
import { backboneKeys, backboneManifestSchema, featuresKeys } from '../../../nas/runs/inputs.ts'
import { getSound } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'

/** The inputs of a search that are there. */
export async function madeOfDpc(store: ObjectStore, record: DpcRun) {
  const backbone = backboneKeys(backboneKey(record)).manifest
  const features = featuresKeys(featuresKey(record)).manifest
  return {
    pretrain: (await getSound(store, backbone, backboneManifestSchema)) !== undefined,
    features: (await getSound(store, features, featuresManifestSchema)) !== undefined,
  }
}
