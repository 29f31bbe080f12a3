import { z } from 'zod'
import { candidatesSchema } from '../../../nas/pipelines/topformer/comparison.ts'
import { topformerKeys } from '../../../nas/pipelines/topformer/keys.ts'
import { topformerProgress } from '../../../nas/pipelines/topformer/progress.ts'
import { roundResultsSchema, roundSchema } from '../../../nas/pipelines/topformer/round.ts'
import type { TopformerRun } from '../../../nas/pipelines/topformer/run.ts'
import { topformerSize } from '../../../nas/pipelines/topformer/size.ts'
import { getJson } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
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
  if (state === 'Derive') return { trials: await comparedTrials(store, run), all: true }
  return undefined
}

export async function progressFromStore(store: ObjectStore, record: TopformerRun): Promise<StoredProgress> {
  const { run, config } = record
  const pending = await comparedTrials(store, run)
  const single = { machine: 'Search', round: undefined, perShard: 1 }
  const none = { completed: 0, failed: 0, best: undefined }
  if (pending.length > 0)
    return {
      ...single,
      phase: PHASES.comparison,
      total: pending.length,
      trials: { ...none, pending },
    }
  if (!(await madeOfTopformer(store, record)).supernet)
    return {
      ...single,
      phase: PHASES.supernet,
      total: supernetsOf(config),
      trials: { ...none, pending: [] },
    }
  const rounds = await roundsDone(store, run)
  const { completed, failed, best } = await topformerProgress(store, run)
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

export const supernetsOf = ({ supernet }: TopformerRun['config']): number =>
  supernet.halves === 'shared' ? 1 : 2

/** Half-steps whose networks have all been evaluated. */
async function roundsDone(store: ObjectStore, run: string): Promise<number> {
  const { results } = topformerKeys(run)
  let round = 0
  while ((await getJson(store, results(round), roundResultsSchema)) !== undefined) round++
  return round
}

async function evaluatedIn(store: ObjectStore, run: string, round: number): Promise<readonly string[]> {
  const proposed = await getJson(store, topformerKeys(run).round(round), roundSchema)
  return [...new Set((proposed?.searches ?? []).flat().map(({ trial }) => trial))]
}

async function comparedTrials(store: ObjectStore, run: string): Promise<readonly string[]> {
  const candidates = await getJson(store, topformerKeys(run).candidates, candidatesSchema)
  return (candidates?.contenders ?? []).flatMap(({ trials }) => trials.map(({ trial }) => trial))
}
