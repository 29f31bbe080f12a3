import { dpcKeys } from '../../../../nas/pipelines/dpc/keys.ts'
import type { Leaderboard } from '../../../../nas/pipelines/dpc/leaderboard.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import { parseJson } from '../../../../nas/store/json.ts'
import { type Found, hiding, inFunction, rewriting, withFunction } from './mutant.ts'
import type { SharedDefect } from './shared.ts'

interface Round {
  readonly run: string
  readonly round: number
}

const isLeaderboard = (key: string) => key.endsWith('/leaderboard.json')

export const own: Found = {
  'a round that was proposed before is taken to be done': {
    product: withFunction('Propose', (propose, store) => async (event) => {
      const { run, round } = event as Round
      const before = await store.get(dpcKeys(run).round(round))
      const answer = (await propose(event)) as object
      return before === undefined ? answer : { ...answer, pending: 0 }
    }),
    breaks: /missed a result/,
    seed: 0,
  },
  'only the number of trials ends a search': {
    product: withFunction('Aggregate', (aggregate) => async (event) => {
      const answer = (await aggregate(event)) as { readonly enough: boolean; readonly reason: string }
      const spent = /(dollars|GPU hours) is used up/.test(answer.reason)
      return spent ? { ...answer, enough: false } : answer
    }),
    breaks: /was proposed after/,
    seed: 3,
  },
  'a revision does not look whether the dataset has changed': {
    product: withFunction('CheckDue', (checkDue) => async (event) => ({
      ...((await checkDue(event)) as object),
      survey: false,
    })),
    breaks: /was not surveyed/,
    seed: 0,
  },
  'a revision ranks on the dataset that the search had': {
    product: inFunction(
      'PickTop',
      hiding((key) => key === runKeys('simulated').dataset),
    ),
    breaks: /the ranking is of dataset/,
    seed: 0,
  },
  'a revision trains everything again': {
    product: withFunction('PickTop', (pickTop, store) => async (event) => {
      const answer = (await pickTop(event)) as { readonly run: string; readonly edition: string }
      const { candidates, shards } = dpcKeys(answer.run).edition(answer.edition)
      const { contenders } = parseJson((await store.get(candidates))!) as {
        readonly contenders: readonly { readonly trials: readonly { readonly trial: string }[] }[]
      }
      const trials = contenders.flatMap((candidate) => candidate.trials.map(({ trial }) => trial))
      const lines = trials.map((trial) => `${JSON.stringify({ trials: [trial] })}\n`)
      await store.put(shards, new TextEncoder().encode(lines.join('')))
      return { ...answer, pending: trials.length }
    }),
    breaks: /with nothing new has started a train job/,
    seed: 0,
  },
  'a revision replaces the outcome of the earlier one': {
    product: withFunction('Correlate', (correlate, store) => async (event) => {
      const answer = (await correlate(event)) as { readonly run: string; readonly edition: string }
      const { run } = answer
      const outcome = await store.get(dpcKeys(run).rerank)
      for await (const key of store.list(`runs/${run}/rerank/`))
        if (key.endsWith('/outcome.json')) await store.put(key, outcome!)
      return answer
    }),
    breaks: /outcome\.json is not what it is before the revision/,
    seed: 0,
  },
  'damaged features are used': {
    source: [
      {
        file: 'nas/store/safetensors.ts',
        from: 'checksum !== undefined && !hasChecksum',
        to: 'checksum === null && !hasChecksum',
      },
      // Of all kinds of objects, the damage of few seeds hits features while they are read.
      {
        file: 'local/simulator/damage.ts',
        from: 'bucket.objects.keys()) {',
        to: "bucket.objects.keys()) {\n      if (!key.startsWith('features/')) continue",
      },
    ],
    odds: { 'store decays': 1, 'object removed': 0, 'object cut': 0 },
    breaks: /is not what it is without faults/,
    seed: 0,
  },
  'a revision tries again what has failed in its run': {
    source: [
      {
        file: 'functions/pending.ts',
        from: 'const isConcluded = ',
        to: 'const isConcluded = !conclusion && ',
      },
    ],
    breaks: /with nothing new has started a train job/,
    seed: 18,
  },
  'a trial that has failed is left off the leaderboard': {
    product: inFunction(
      'Aggregate',
      rewriting<Leaderboard>(isLeaderboard, (leaderboard) => ({ ...leaderboard, failed: [] })),
    ),
    breaks: /is not on the leaderboard/,
    seed: 0,
  },
  'the leaderboard begins with the worst': {
    source: [
      {
        file: 'nas/pipelines/dpc/leaderboard.ts',
        from: 'b.score - a.score ||',
        to: 'a.score - b.score ||',
      },
    ],
    breaks: /has the better score/,
    seed: 0,
  },
  'cells are trained in full with one seed alone': {
    source: [
      {
        file: 'functions/dpc/pick-top.ts',
        from: 'record.config.rerank.seeds,',
        to: 'record.config.rerank.seeds.slice(0, 1),',
      },
    ],
    breaks: /is trained with seeds/,
    seed: 1,
  },
  'baselines are not trained': {
    source: [{ file: 'functions/dpc/pick-top.ts', from: ', ...(await baselines(store, record))]', to: ']' }],
    breaks: /baselines are/,
    seed: 0,
  },
  'the worst cell wins': {
    source: [
      {
        file: 'nas/runs/comparison.ts',
        from: 'trained.toSorted((a, b) => b.score - a.score)',
        to: 'trained.toSorted((a, b) => a.score - b.score)',
      },
    ],
    breaks: /better than the winner/,
    seed: 0,
  },
  'entries of jobs that run are kept as closed': {
    source: [
      {
        file: 'nas/runs/ledger.ts',
        from: "all.filter(({ outcome }) => outcome !== 'running')",
        to: 'all',
      },
      {
        file: 'nas/runs/tally.ts',
        from: "entries.filter(({ outcome }) => outcome !== 'running')",
        to: 'entries',
      },
    ],
    odds: { 'reclaimed with notice': 0, 'reclaimed without notice': 1, 'duplicate attempt': 1 },
    breaks: /the summary tells of|was proposed after/,
    seed: 8,
  },
}

/** Seeds that find the shared defects. */
export const seeds: Readonly<Record<SharedDefect, number | null>> = {
  'what is put if absent replaces what is there': 0,
  'an attempt is in the ledger twice': 0,
  'an attempt that is killed leaves no ledger entry': 0,
  'an attempt gives one sign of life and no more': 1,
  'a loss of NaN is no failure': 0,
  'a trial is trained whether it has a result or not': 0,
  'a stop does not reach the jobs': 1,
  'the starts of a trial are not counted': 0,
  'an interrupted job is taken to be done': 0,
  'what a run knows travels in payloads': 0,
  'a function writes what its definition does not allow': 0,
  'a job writes an object that has no policy': 0,
  'a run that is resumed does not forget its attempts': 21,
  'deaths are counted over all runs': 48,
  'a trial is blamed for what a sick host has killed': 0,
  'a failure of the store is recorded as that of the trial': 0,
  'trials that may have been killed by their machines have failed for all runs': 0,
  'trials of a job whose card cannot be used are recorded as failed': 2,
  'trials of a job that Batch has refused are recorded as failed': 1,
  'a failure that nobody knows the origin of is shared with other runs': 2,
  'the key of a trial does not depend on its seed': 1,
  'damaged JSON is taken as it is': 215,
  'hours at work are counted twice': 0,
  'an interruption counts as a death of the trial': 26,
}
