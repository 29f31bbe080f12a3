import { supernetsOf } from '../../../functions/auto-fpn/supernets.ts'
import { type Module, modulesOf } from '../../../nas/pipelines/auto-fpn/config.ts'
import { supernetKeys } from '../../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnRun } from '../../../nas/pipelines/auto-fpn/run.ts'
import { trialKey } from '../../../nas/runs/trial.ts'
import { autoFpnGenotypeSchema } from '../../../nas/spaces/auto-fpn/genotype.ts'
import { getSound } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'

/** The trials that search a module, as far as the necks are found on which heads are searched; none of a module that is not searched. */
export async function searchesOf(
  store: ObjectStore,
  record: AutoFpnRun,
  module: Module,
): Promise<readonly string[]> {
  const modules = modulesOf(record.config)
  if (!modules.includes(module)) return []
  const necks = module === 'head' && modules.includes('neck') ? await necksOf(store, record) : null
  return supernetsOf(record, module, necks).map(trialKey)
}

/** What searches of the neck have found, whichever run has done them. */
async function necksOf(store: ObjectStore, record: AutoFpnRun) {
  const necks = supernetsOf(record, 'neck', null).map(async (spec) => {
    const trial = trialKey(spec)
    const genotype = await getSound(store, supernetKeys(trial).genotype, autoFpnGenotypeSchema)
    return genotype === undefined ? [] : [{ method: spec.method, trial, genotype }]
  })
  return (await Promise.all(necks)).flat()
}
