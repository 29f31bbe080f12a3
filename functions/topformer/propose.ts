import { z } from 'zod'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { proposalOf, resultsBefore } from '../../nas/pipelines/topformer/history.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { readTask } from '../../nas/pipelines/topformer/latency.ts'
import { type Round, roundSchema } from '../../nas/pipelines/topformer/round.ts'
import type { TopformerRun } from '../../nas/pipelines/topformer/run.ts'
import { searchesOf } from '../../nas/pipelines/topformer/searches.ts'
import { evaluateSpec, supernetOf } from '../../nas/pipelines/topformer/specs.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { blockOf } from '../../nas/search/coordinate-descent.ts'
import type { TopformerGenotype } from '../../nas/spaces/topformer/genotype.ts'
import { HALVES, type Half } from '../../nas/spaces/topformer/space.ts'
import { getJson, putJsonOnce } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { lambdaFunction, roundEvent } from '../lambda-function.ts'
import { putRoundShards } from '../rounds.ts'
import { searchFailed } from '../search-failed.ts'

/** Decides which networks a half-step evaluates, once, and lists those that no run has evaluated yet. */
export const propose = lambdaFunction('Propose', z.object(roundEvent), async ({ run, round }, { store }) => {
  const keys = topformerKeys(run)
  const record = await readRunToContinue(store, run, topformer)
  await checkSupernet(store, record, blockOf({ blocks: HALVES }, round))
  const recorded = await getJson(store, keys.round(round), roundSchema)
  const { half, searches } = recorded ?? (await proposeRound(store, record, round))
  const manifest = keys.shards(round)
  const pending = await putRoundShards(store, run, searches.flat(), {
    manifest,
    results: keys.results(round),
    size: record.config.search.trialsPerJob,
    putSpecsAgain: recorded && ((genotypes) => withTrials(store, record, genotypes, half)),
  })
  return { run, round, manifest, pending }
})

async function proposeRound(store: ObjectStore, record: TopformerRun, round: number): Promise<Round> {
  const half = blockOf({ blocks: HALVES }, round)
  const before = await resultsBefore(store, record.run, round)
  const proposals = searchesOf(record, await readTask(store, record)).map((search) =>
    proposalOf(
      record,
      search,
      before.map(({ searches }) => searches[search.index]!),
    ),
  )
  // Specs before the round: where a round is recorded, its trials can be run.
  const searches = []
  for (const genotypes of proposals) searches.push(await withTrials(store, record, genotypes, half))
  return putJsonOnce(store, topformerKeys(record.run).round(round), roundSchema, { round, half, searches })
}

/** The networks with the keys of their trials, whose specs are written. */
const withTrials = (
  store: ObjectStore,
  record: TopformerRun,
  genotypes: readonly TopformerGenotype[],
  half: Half,
): Promise<Round['searches'][number]> =>
  mapObjects(genotypes, async (genotype) => ({
    trial: await putSpec(store, evaluateSpec(record, genotype, half)),
    genotype,
  }))

/** @throws TrellisError `job-failed` where the supernet whose weights networks inherit could not be trained */
async function checkSupernet(store: ObjectStore, record: TopformerRun, half: Half): Promise<void> {
  const { run } = record
  const trial = supernetOf(record, half)
  const result = await finalResult(store, run, trial, topformer.task.result)
  if (result.status === 'succeeded') return
  throw await searchFailed(store, run, { what: 'supernet', trial, reason: result.reason })
}
