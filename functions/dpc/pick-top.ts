import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { contentHash } from '../../nas/hash.ts'
import type { Candidates, CellCandidate } from '../../nas/pipelines/dpc/comparison.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { dpcKeys } from '../../nas/pipelines/dpc/keys.ts'
import { type Leaderboard, readLeaderboard } from '../../nas/pipelines/dpc/leaderboard.ts'
import { roundSchema } from '../../nas/pipelines/dpc/round.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import { trainSpec } from '../../nas/pipelines/dpc/specs.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { latestDataset } from '../../nas/runs/dataset.ts'
import { mapObjects } from '../../nas/runs/map-objects.ts'
import { finalResult } from '../../nas/runs/result.ts'
import { getJson, jsonBytes } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { putTrainings, withTrials } from '../comparison.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'
import { baselinesOf } from './baselines.ts'

/**
 * Picks the candidates of full training, and the dataset: the best by proxy score, and the baselines. The same leaderboard and
 * the same dataset give the same revision.
 */
export const pickTop = lambdaFunction('PickTop', z.object(runEvent), async ({ run }, { store }) => {
  const candidates = await pick(store, run)
  const edition = contentHash(candidates)
  const keys = dpcKeys(run).edition(edition)
  const isFirst = await store.putIfAbsent(keys.candidates, jsonBytes(candidates))
  await store.put(dpcKeys(run).rerankCandidates, jsonBytes(candidates))
  const conclusion = isFirst ? undefined : keys.outcome
  const pending = await putTrainings(store, run, keys.shards, candidates.contenders, conclusion)
  return { run, edition, manifest: keys.shards, pending }
})

async function pick(store: ObjectStore, run: string): Promise<Candidates> {
  const record = await readRunToContinue(store, run, dpc)
  const leaderboard = await readLeaderboard(store, run)
  if (leaderboard === undefined)
    throw new TrellisError('not-found', `run ${run} has no leaderboard`, { fix: 'search before re-ranking' })
  const dataset = await latestDataset(store, record)
  const cells = [...best(leaderboard, record), ...(await baselines(store, record))]
  const contenders = await withTrials(store, cells, record.config.rerank.seeds, ({ genotype }, seed) =>
    trainSpec(record, dataset, genotype, seed),
  )
  return { dataset, contenders }
}

type Cell = Omit<CellCandidate, 'trials'>

function best({ ranked, failed }: Leaderboard, { run, config }: DpcRun): readonly Cell[] {
  if (ranked.length === 0) {
    const why = failed[0] === undefined ? 'none was tried' : `the first failed: ${failed[0].reason}`
    throw new TrellisError('job-failed', `run ${run} has no candidate with a score; ${why}`, {
      fix: 'start a new run with other settings: these networks would fail again',
    })
  }
  return ranked.slice(0, config.rerank.top).map(({ genotype, trial, score }, i) => ({
    role: 'searched',
    genotype,
    proxy: { trial, score, rank: i + 1 },
  }))
}

/** Beside the first round they were scored on the proxy task; one whose training failed there has no score. */
async function baselines(store: ObjectStore, record: DpcRun): Promise<readonly Cell[]> {
  const first = await getJson(store, dpcKeys(record.run).round(0), roundSchema)
  const trials = first?.baselines?.map(({ trial }) => trial) ?? []
  const scored = await mapObjects(trials, async (trial) => ({
    trial,
    result: await finalResult(store, record.run, trial, dpc.task.result),
  }))
  return baselinesOf(record).map((cell, i) => {
    const { trial, result } = scored[i] ?? {}
    const proxy = result?.status === 'succeeded' ? { trial: trial!, score: result.score, rank: null } : null
    return { ...cell, proxy }
  })
}
