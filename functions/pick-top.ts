import { z } from 'zod'
import { TrellisError } from '../nas/errors.ts'
import { random } from '../nas/random.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { type Leaderboard, leaderboardSchema } from '../nas/runs/leaderboard.ts'
import { type Contender, contendersSchema } from '../nas/runs/rerank.ts'
import { type RunRecord, readRun } from '../nas/runs/run.ts'
import { putShards } from '../nas/runs/shards.ts'
import { forgetStarts } from '../nas/runs/starts.ts'
import { putSpec, trainSpec } from '../nas/runs/trial.ts'
import { KNOWN_CELLS } from '../nas/spaces/dpc/known.ts'
import { dpcSpace } from '../nas/spaces/dpc/space.ts'
import { getJson, putJsonOnce, requireJson } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { lambdaFunction, runEvent } from './lambda-function.ts'

/** Decides, once, who is trained in full: the best by proxy score, and the baselines. */
export const pickTop = lambdaFunction('PickTop', z.object(runEvent), async ({ run }, { store }) => {
  const keys = runKeys(run)
  const recorded = await getJson(store, keys.rerankCandidates, contendersSchema)
  const contenders = recorded ?? (await pick(store, run))
  const trials = contenders.flatMap((contender) => contender.trials.map(({ trial }) => trial))
  if (recorded !== undefined) await forgetStarts(store, trials)
  const manifest = keys.rerankShards
  return { run, manifest, pending: await putShards(store, manifest, trials, 1) }
})

async function pick(store: ObjectStore, run: string): Promise<readonly Contender[]> {
  const keys = runKeys(run)
  const record = await readRun(store, run)
  const leaderboard = await requireJson(
    store,
    keys.leaderboard,
    leaderboardSchema,
    'search before re-ranking',
  )
  const { seeds } = record.config.rerank
  const contenders: Contender[] = []
  for (const chosen of [...best(leaderboard, record), ...baselines(record)]) {
    const trials = []
    for (const seed of seeds) {
      trials.push({ seed, trial: await putSpec(store, trainSpec(record, chosen.genotype, seed)) })
    }
    contenders.push({ ...chosen, trials })
  }
  return putJsonOnce(store, keys.rerankCandidates, contendersSchema, contenders)
}

type Chosen = Omit<Contender, 'trials'>

function best({ ranked, failed }: Leaderboard, { run, config }: RunRecord): readonly Chosen[] {
  if (ranked.length === 0) {
    const why = failed[0] === undefined ? 'none was tried' : `the first failed: ${failed[0].reason}`
    throw new TrellisError('job-failed', `run ${run} has no candidate with a score; ${why}`, {
      fix: 'mend that, then start a new run',
    })
  }
  return ranked.slice(0, config.rerank.top).map(({ genotype, trial, score }, i) => ({
    role: 'searched',
    genotype,
    proxy: { trial, score, rank: i + 1 },
  }))
}

function baselines({ config }: RunRecord): readonly Chosen[] {
  const space = dpcSpace(config.space.branches)
  const rng = random(config.seed, 'random-baseline')
  const { aspp, random: draws } = config.rerank.baselines
  return [
    ...(aspp ? [{ role: 'aspp', genotype: KNOWN_CELLS.aspp, proxy: null } as const] : []),
    ...Array.from(
      { length: draws },
      () => ({ role: 'random', genotype: space.sample(rng), proxy: null }) as const,
    ),
  ]
}
