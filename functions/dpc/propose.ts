import { z } from 'zod'
import { historyBefore } from '../../nas/pipelines/dpc/history.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { dpcKeys } from '../../nas/pipelines/dpc/keys.ts'
import { type Round, roundSchema } from '../../nas/pipelines/dpc/round.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import { proxySpec } from '../../nas/pipelines/dpc/specs.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { random } from '../../nas/random.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { createStrategy } from '../../nas/search/strategy.ts'
import type { DpcGenotype } from '../../nas/spaces/dpc/genotype.ts'
import { dpcSpace } from '../../nas/spaces/dpc/space.ts'
import { getJson, putJsonOnce } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { lambdaFunction, roundEvent } from '../lambda-function.ts'
import { putRoundShards } from '../rounds.ts'
import { baselinesOf } from './baselines.ts'

/**
 * Decides the candidates of a round, once, and lists those that have no result yet. The baselines of the re-ranking are scored beside
 * the first: a rank correlation over the best few alone says little (Fig. 4b of the paper, section 4.2, is over its best 50).
 */
export const propose = lambdaFunction('Propose', z.object(roundEvent), async ({ run, round }, { store }) => {
  const keys = dpcKeys(run)
  const record = await readRunToContinue(store, run, dpc)
  const recorded = await getJson(store, keys.round(round), roundSchema)
  const { candidates, baselines = [] } = recorded ?? (await proposeRound(store, record, round))
  const manifest = keys.shards(round)
  const pending = await putRoundShards(store, run, [...candidates, ...baselines], {
    manifest,
    results: keys.results(round),
    size: record.config.search.trialsPerJob,
    putSpecsAgain: recorded && ((genotypes) => withTrials(store, record, genotypes)),
  })
  return { run, round, manifest, pending }
})

async function proposeRound(store: ObjectStore, record: DpcRun, round: number): Promise<Round> {
  const { run, config } = record
  const keys = dpcKeys(run)
  const { known, kept } = await historyBefore(store, record, round)
  const strategy = createStrategy(config.search.strategy, dpcSpace(config.space.branches))
  const { state, candidates } = strategy.propose(
    { pending: known },
    kept,
    Math.min(config.search.perRound, (config.budget.trials ?? Number.POSITIVE_INFINITY) - known.length),
    random(config.seed, 'propose', round),
  )
  const pending = state.pending.slice(state.pending.length - candidates.length)
  return putJsonOnce(store, keys.round(round), roundSchema, {
    round,
    state: { pending },
    // Specs before the round: where a round is recorded, its trials can be run.
    candidates: await withTrials(store, record, candidates),
    ...(round === 0 && {
      baselines: await withTrials(
        store,
        record,
        baselinesOf(record).map(({ genotype }) => genotype),
      ),
    }),
  })
}

/** The cells with the keys of their trials, whose specs are written. */
const withTrials = (
  store: ObjectStore,
  record: DpcRun,
  cells: readonly DpcGenotype[],
): Promise<Round['candidates']> =>
  mapObjects(cells, async (genotype) => ({
    trial: await putSpec(store, proxySpec(record, genotype)),
    genotype,
  }))
