import { cachesFeatures, MODULES, type Module } from '../../../nas/pipelines/auto-fpn/config.ts'
import { backboneKey, featuresKey, featuresManifestSchema } from '../../../nas/pipelines/auto-fpn/inputs.ts'
import type { AutoFpnRun } from '../../../nas/pipelines/auto-fpn/run.ts'
import { methodsOf } from '../../../nas/pipelines/auto-fpn/size.ts'
import { backboneKeys, backboneManifestSchema, featuresKeys } from '../../../nas/runs/inputs.ts'
import { trialKeys } from '../../../nas/runs/keys.ts'
import { isAny } from '../../../nas/runs/references.ts'
import { getSound } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { searchesOf } from './searches.ts'

/** The inputs of a comparison that are there. */
export async function madeOfAutoFpn(store: ObjectStore, record: AutoFpnRun) {
  const backbone = backboneKeys(backboneKey(record)).manifest
  const features = featuresKeys(featuresKey(record)).manifest
  const isSearched = async (module: Module): Promise<boolean> => {
    const trials = await searchesOf(store, record, module)
    const results = await Promise.all(trials.map((trial) => isAny(store, trialKeys(trial).result)))
    return trials.length === methodsOf(record.config).length && results.every((isThere) => isThere)
  }
  const [neck, head] = await Promise.all(MODULES.map(isSearched))
  return {
    backbone: (await getSound(store, backbone, backboneManifestSchema)) !== undefined,
    features:
      !cachesFeatures(record.config) ||
      (await getSound(store, features, featuresManifestSchema)) !== undefined,
    neck: neck!,
    head: head!,
  }
}
