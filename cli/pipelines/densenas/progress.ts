import { rivalsSchema } from '../../../nas/pipelines/densenas/comparison.ts'
import { latencyKey, latencyTableSchema } from '../../../nas/pipelines/densenas/latency.ts'
import { supernetSpec } from '../../../nas/pipelines/densenas/specs.ts'
import type { DenseNasRun } from '../../../nas/pipelines/run.ts'
import { latencyKeys, runKeys, trialKeys } from '../../../nas/runs/keys.ts'
import { trialKey } from '../../../nas/runs/trial.ts'
import { getJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import type { Phase } from '../../phases.ts'
import type { Chosen, Left, Stored } from '../pipeline.ts'

export const begins: Readonly<Record<string, Phase>> = {
  Measure: 'latencies',
  Supernet: 'supernet',
  Derive: 'comparison',
}

export async function chosen(store: ObjectStore, run: string, { state }: Left): Promise<Chosen | undefined> {
  if (state !== 'Derive') return undefined
  return { trials: await rivalTrials(store, run), all: true }
}

export async function stored(store: ObjectStore, record: DenseNasRun): Promise<Stored> {
  const trials = await rivalTrials(store, record.run)
  const none = { settled: 0, failed: 0, best: undefined, open: 1 }
  if (trials.length > 0)
    return {
      phase: 'comparison',
      perShard: 1,
      total: trials.length,
      trials: { ...none, open: trials.length },
    }
  return { phase: await phaseBeforeComparison(store, record), perShard: 1, total: 1, trials: none }
}

async function phaseBeforeComparison(store: ObjectStore, record: DenseNasRun): Promise<Phase> {
  const key = latencyKey(record)
  const isMeasured =
    key === null || (await getJson(store, latencyKeys(key).table, latencyTableSchema)) !== undefined
  return isMeasured ? 'supernet' : 'latencies'
}

export async function checkpoints(store: ObjectStore, record: DenseNasRun): Promise<readonly string[]> {
  const trials = [trialKey(supernetSpec(record)), ...(await rivalTrials(store, record.run))]
  return trials.map((trial) => trialKeys(trial).checkpoint)
}

async function rivalTrials(store: ObjectStore, run: string): Promise<readonly string[]> {
  const rivals = await getJson(store, runKeys(run).rivals, rivalsSchema)
  return (rivals?.contenders ?? []).flatMap(({ trials }) => trials.map(({ trial }) => trial))
}
