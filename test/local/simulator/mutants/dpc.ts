import { dpcKeys } from '../../../../nas/pipelines/dpc/keys.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import { type Found, hiding, inFunction, submitting, withFunction } from './mutant.ts'
import type { SharedDefect } from './shared.ts'

interface Round {
  readonly run: string
  readonly round: number
}

export const own: Found = {
  'a round that was proposed before is taken to be done': {
    product: withFunction('Propose', (propose, store) => async (event) => {
      const { run, round } = event as Round
      const before = await store.get(dpcKeys(run).round(round))
      const answer = (await propose(event)) as object
      return before === undefined ? answer : { ...answer, pending: 0 }
    }),
    breaks: /is not what was trained/,
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
  // One that the simulator has found. Only a job of several trials can use up its attempts.
  'a job that has used up its attempts is not submitted again': {
    product: submitting((state) => ({ ...state, Retry: state.Retry!.slice(0, 1) })),
    breaks: /is not what was trained/,
    seed: 75,
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
      const { contenders } = JSON.parse(new TextDecoder().decode(await store.get(candidates))) as {
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
}

/** Seeds that find the shared defects. */
export const seeds: Readonly<Record<SharedDefect, number>> = {
  'what is put if absent replaces what is there': 0,
  'an attempt is in the ledger twice': 0,
  'an attempt that is killed leaves no ledger entry': 0,
  'an attempt gives one sign of life and no more': 0,
  'a loss of NaN is no failure': 0,
  'a trial is trained whether it has a result or not': 0,
  'a stop does not reach the jobs': 5,
  'the starts of a trial are not counted': 0,
  'an interrupted job is taken to be done': 0,
  'what a run knows travels in payloads': 0,
  'a function writes what its definition does not allow': 0,
  'a job writes an object that has no policy': 0,
  'an interruption counts as a death of the trial': 151,
  'a trial whose job Batch refuses is recorded as failed': 1,
}
