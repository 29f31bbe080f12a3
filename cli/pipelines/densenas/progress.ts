import { candidatesSchema } from '../../../nas/pipelines/densenas/comparison.ts'
import { denseNasKeys } from '../../../nas/pipelines/densenas/keys.ts'
import { getLatencies, latencyKey } from '../../../nas/pipelines/densenas/latency.ts'
import type { DenseNasRun } from '../../../nas/pipelines/densenas/run.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { comparedTrials, withoutRounds } from '../compared-trials.ts'
import type { Phase, StateExit, StoredProgress, TrialsChosen } from '../pipeline.ts'
import { PHASES } from './phases.ts'

export async function trialsChosen(
  store: ObjectStore,
  run: string,
  { state }: StateExit,
): Promise<TrialsChosen | undefined> {
  if (state !== 'Derive') return undefined
  return { trials: await comparedTrials(store, denseNasKeys(run).candidates, candidatesSchema), all: true }
}

export async function progressFromStore(store: ObjectStore, record: DenseNasRun): Promise<StoredProgress> {
  const pending = await comparedTrials(store, denseNasKeys(record.run).candidates, candidatesSchema)
  return withoutRounds(
    pending.length > 0 ? PHASES.comparison : await phaseBeforeComparison(store, record),
    pending,
  )
}

async function phaseBeforeComparison(store: ObjectStore, record: DenseNasRun): Promise<Phase> {
  const key = latencyKey(record)
  const isMeasured = key === null || (await getLatencies(store, key)) !== undefined
  return isMeasured ? PHASES.supernet : PHASES.latencies
}
