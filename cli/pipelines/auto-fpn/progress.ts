import { candidatesSchema } from '../../../nas/pipelines/auto-fpn/comparison.ts'
import { modulesOf } from '../../../nas/pipelines/auto-fpn/config.ts'
import { derivedSchema } from '../../../nas/pipelines/auto-fpn/derived.ts'
import { autoFpnKeys } from '../../../nas/pipelines/auto-fpn/keys.ts'
import type { AutoFpnRun } from '../../../nas/pipelines/auto-fpn/run.ts'
import { getSound } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { comparedTrials, withoutRounds } from '../compared-trials.ts'
import type { Phase, StateExit, StoredProgress, TrialsChosen } from '../pipeline.ts'
import { madeOfAutoFpn } from './made.ts'
import { PHASES } from './phases.ts'

export async function trialsChosen(
  store: ObjectStore,
  run: string,
  { state }: StateExit,
): Promise<TrialsChosen | undefined> {
  if (state !== 'DeriveHead') return undefined
  return { trials: await comparedTrials(store, autoFpnKeys(run).candidates, candidatesSchema), all: true }
}

export async function progressFromStore(store: ObjectStore, record: AutoFpnRun): Promise<StoredProgress> {
  const pending = await comparedTrials(store, autoFpnKeys(record.run).candidates, candidatesSchema)
  return withoutRounds(
    pending.length > 0 ? PHASES.comparison : await phaseBeforeComparison(store, record),
    pending,
  )
}

async function phaseBeforeComparison(store: ObjectStore, record: AutoFpnRun): Promise<Phase> {
  const made = await madeOfAutoFpn(store, record)
  if (!made.backbone) return PHASES.backbone
  if (!made.features) return PHASES.features
  const modules = modulesOf(record.config)
  if (modules.length === 0) return PHASES.comparison
  const keys = autoFpnKeys(record.run)
  const isNeckFound =
    !modules.includes('neck') || (await getSound(store, keys.derived('neck'), derivedSchema)) !== undefined
  return isNeckFound && modules.includes('head') ? PHASES.head : PHASES.neck
}
