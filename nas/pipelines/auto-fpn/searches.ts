import { trialKey } from '../../runs/trial.ts'
import { autoFpnGenotypeSchema } from '../../spaces/auto-fpn/genotype.ts'
import { getSound } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { type Module, modulesOf } from './config.ts'
import type { Found } from './derived.ts'
import { supernetKeys } from './keys.ts'
import type { AutoFpnRun } from './run.ts'
import { methodsOf } from './size.ts'
import { type SupernetSpec, supernetSpec } from './specs.ts'

/** On which a module is searched: necks that were found, each by its method; null for FPN's, or where the neck is searched. */
export type Necks = readonly Pick<Found, 'method' | 'trial' | 'genotype'>[] | null

/** The searches of a module, one by each method; of a head, where the method has found a neck. */
export const supernetsOf = (record: AutoFpnRun, module: Module, necks: Necks): readonly SupernetSpec[] =>
  necks === null
    ? methodsOf(record.config).map((method) => supernetSpec(record, module, method, null))
    : necks.map((neck) => supernetSpec(record, module, neck.method, neck))

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
