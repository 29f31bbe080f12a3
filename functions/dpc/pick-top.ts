import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { contentHash } from '../../nas/hash.ts'
import { type Leaderboard, leaderboardSchema } from '../../nas/pipelines/dpc/leaderboard.ts'
import type { Choice, Contender } from '../../nas/pipelines/dpc/rerank.ts'
import { trainSpec } from '../../nas/pipelines/dpc/specs.ts'
import { type DpcRun, readRunOf } from '../../nas/pipelines/run.ts'
import { random } from '../../nas/random.ts'
import { latestDataset } from '../../nas/runs/dataset.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { putShards } from '../../nas/runs/shards.ts'
import { forgetStarts } from '../../nas/runs/starts.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { KNOWN_CELLS } from '../../nas/spaces/dpc/known.ts'
import { dpcSpace } from '../../nas/spaces/dpc/space.ts'
import { jsonBytes, requireJson } from '../../nas/store/json.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { lambdaFunction, runEvent } from '../lambda-function.ts'

/**
 * Decides who is trained in full, and on which dataset: the best by proxy score, and the baselines. The same leaderboard and the
 * same dataset give the same edition.
 */
export const pickTop = lambdaFunction('PickTop', z.object(runEvent), async ({ run }, { store }) => {
  const choice = await choose(store, run)
  const edition = contentHash(choice)
  const keys = runKeys(run).edition(edition)
  const trials = choice.contenders.flatMap((contender) => contender.trials.map(({ trial }) => trial))
  if (!(await store.putIfAbsent(keys.candidates, jsonBytes(choice)))) await forgetStarts(store, trials)
  await store.put(runKeys(run).rerankCandidates, jsonBytes(choice))
  const pending = await putShards(store, keys.shards, trials, 1)
  return { run, edition, manifest: keys.shards, pending }
})

async function choose(store: ObjectStore, run: string): Promise<Choice> {
  const record = await readRunOf(store, run, 'dpc')
  const leaderboard = await requireJson(
    store,
    runKeys(run).leaderboard,
    leaderboardSchema,
    'search before re-ranking',
  )
  const dataset = await latestDataset(store, record)
  const contenders: Contender[] = []
  for (const chosen of [...best(leaderboard, record), ...baselines(record)]) {
    const trials = []
    for (const seed of record.config.rerank.seeds) {
      const spec = trainSpec(record, dataset, chosen.genotype, seed)
      trials.push({ seed, trial: await putSpec(store, spec) })
    }
    contenders.push({ ...chosen, trials })
  }
  return { dataset, contenders }
}

type Chosen = Omit<Contender, 'trials'>

function best({ ranked, failed }: Leaderboard, { run, config }: DpcRun): readonly Chosen[] {
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

function baselines({ config }: DpcRun): readonly Chosen[] {
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
