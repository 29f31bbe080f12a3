import { z } from 'zod'
import { candidatesSchema } from '../../../nas/pipelines/topformer/comparison.ts'
import { allResults } from '../../../nas/pipelines/topformer/history.ts'
import { topformerKeys } from '../../../nas/pipelines/topformer/keys.ts'
import { tally } from '../../../nas/pipelines/topformer/progress.ts'
import { roundSchema } from '../../../nas/pipelines/topformer/round.ts'
import type { TopformerRun } from '../../../nas/pipelines/topformer/run.ts'
import { topformerSize } from '../../../nas/pipelines/topformer/size.ts'
import { variedIn } from '../../../nas/pipelines/topformer/specs.ts'
import { getJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { comparedTrials, withoutRounds } from '../compared-trials.ts'
import type { StateExit, StoredProgress, TrialsChosen } from '../pipeline.ts'
import { madeOfTopformer } from './made.ts'
import { PHASES } from './phases.ts'

const proposal = z.object({ round: z.int() })

export async function trialsChosen(
  store: ObjectStore,
  run: string,
  { state, output }: StateExit,
): Promise<TrialsChosen | undefined> {
  if (state === 'Propose')
    return { trials: await evaluatedIn(store, run, proposal.parse(output).round), all: false }
  if (state === 'Derive')
    return { trials: await comparedTrials(store, topformerKeys(run).candidates, candidatesSchema), all: true }
  return undefined
}

export async function progressFromStore(store: ObjectStore, record: TopformerRun): Promise<StoredProgress> {
  const { run, config } = record
  const pending = await comparedTrials(store, topformerKeys(run).candidates, candidatesSchema)
  if (pending.length > 0) return withoutRounds(PHASES.comparison, pending)
  const made = await madeOfTopformer(store, record)
  if (!made.latency) return withoutRounds(PHASES.latencies, pending)
  if (!made.pretrain) return withoutRounds(PHASES.pretraining, [], 1)
  if (!made.supernet) return withoutRounds(PHASES.supernet, [], variedIn(record).length)
  const results = await allResults(store, record)
  const rounds = results.length
  const { completed, failed, best } = tally(results)
  return {
    phase: PHASES.search,
    machine: 'Search',
    round: rounds + 1,
    perShard: config.search.trialsPerJob,
    total: topformerSize(config).trials,
    trials: {
      completed,
      failed,
      best: best ?? undefined,
      pending: await evaluatedIn(store, run, rounds),
    },
  }
}

async function evaluatedIn(store: ObjectStore, run: string, round: number): Promise<readonly string[]> {
  const proposed = await getJson(store, topformerKeys(run).round(round), roundSchema)
  return [...new Set((proposed?.searches ?? []).flat().map(({ trial }) => trial))]
}
