import {
  cachesFeatures,
  evolutionRoundsOf,
  MODULES,
  type Module,
} from '../../../nas/pipelines/auto-fpn/config.ts'
import { childrenOf, type EvaluatedDetector } from '../../../nas/pipelines/auto-fpn/evolution.ts'
import { backboneKey, featuresKey, featuresManifestSchema } from '../../../nas/pipelines/auto-fpn/inputs.ts'
import type { AutoFpnRun } from '../../../nas/pipelines/auto-fpn/run.ts'
import { searchesOf } from '../../../nas/pipelines/auto-fpn/searches.ts'
import { methodsOf } from '../../../nas/pipelines/auto-fpn/size.ts'
import { proxySpec } from '../../../nas/pipelines/auto-fpn/specs.ts'
import { backboneKeys, backboneManifestSchema, featuresKeys } from '../../../nas/runs/inputs.ts'
import { trialKeys } from '../../../nas/runs/keys.ts'
import { isAny } from '../../../nas/runs/references.ts'
import { getResult } from '../../../nas/runs/result.ts'
import { evaluatedAs } from '../../../nas/runs/rounds.ts'
import { trialKey } from '../../../nas/runs/trial.ts'
import { getSound } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'

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
    evolution: await isEvolved(store, record),
    neck: neck!,
    head: head!,
  }
}

/** Whether evolution, gone through by the results that are there, comes to its end. */
async function isEvolved(store: ObjectStore, record: AutoFpnRun): Promise<boolean> {
  const evaluated: EvaluatedDetector[] = []
  for (let round = 0; round < evolutionRoundsOf(record.config); round++)
    for (const genotype of childrenOf(record, [...evaluated], round)) {
      const trial = trialKey(proxySpec(record, genotype))
      const result = await getResult(store, trial)
      if (result === undefined) return false
      evaluated.push(evaluatedAs({ trial, genotype }, result))
    }
  return true
}
