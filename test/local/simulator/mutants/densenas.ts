import type { Candidates, Comparison } from '../../../../nas/pipelines/densenas/comparison.ts'
import { denseNasKeys } from '../../../../nas/pipelines/densenas/keys.ts'
import type { DenseNasRun } from '../../../../nas/pipelines/densenas/run.ts'
import type { ClassifierSpec } from '../../../../nas/pipelines/densenas/specs.ts'
import { runKeys } from '../../../../nas/runs/keys.ts'
import type { ArchitectureParameters } from '../../../../nas/spaces/densenas/relaxation.ts'
import { jsonBytes, parseJson } from '../../../../nas/store/json.ts'
import { type Found, hiding, inFunction, inJobsOf, rewriting, type Wrap, withFunction } from './mutant.ts'
import type { SharedDefect } from './shared.ts'

const keys = denseNasKeys('simulated')
const isCandidates = (key: string) => key === keys.candidates
let attempts = 0
const isSpec = (key: string) => key.endsWith('/spec.json')

/** Candidates, changed as they are chosen. */
const choosing = (change: (candidates: Candidates) => Candidates) =>
  inFunction('Derive', rewriting(isCandidates, change))

/** Candidates are chosen again by every call. */
const choosingAgain: Wrap = (store) => ({
  ...hiding(isCandidates)(store),
  putIfAbsent: async (key, bytes) => {
    if (!isCandidates(key)) return store.putIfAbsent(key, bytes)
    await store.put(key, bytes)
    return true
  },
})

export const own: Found = {
  'a search that began before is taken to be done': {
    product: withFunction('Prepare', (prepare, store) => async (event) => {
      const before = await store.get(keys.supernetShards)
      const answer = (await prepare(event)) as object
      return before === undefined ? answer : { ...answer, pending: 0 }
    }),
    breaks: /missed a result/,
    seed: 4,
  },
  'a run that is resumed searches with another seed': {
    product: inFunction('Prepare', (store) => ({
      ...store,
      get: async (key) => {
        const bytes = await store.get(key)
        const resumed = (await store.get(keys.supernetShards)) !== undefined
        if (key !== runKeys('simulated').config || !resumed) return bytes
        const record = parseJson(bytes!) as DenseNasRun
        return jsonBytes({ ...record, config: { ...record.config, seed: record.config.seed + 1 } })
      },
    })),
    breaks: /was never chosen/,
    seed: 0,
  },
  'latencies are not measured': {
    product: withFunction('Prepare', (prepare) => async (event) => ({
      ...((await prepare(event)) as object),
      latency: false,
    })),
    breaks: /before latencies were measured/,
    seed: 9,
  },
  'the architecture depends on the attempt that searched it': {
    product: inJobsOf('supernet', (store) => {
      const scale = ++attempts
      return rewriting<Pick<ArchitectureParameters, 'beta'>>(
        (key) => key.endsWith('/architecture.json'),
        ({ beta, ...others }) => ({ ...others, beta: beta.map((row) => row.map((b) => b * scale)) }),
      )(store)
    }),
    breaks: /architecture\.json has changed/,
    seed: 0,
  },
  'candidates are chosen again when a run is resumed': {
    product: inFunction('Derive', choosingAgain),
    breaks: /candidates\.json was written twice/,
    seed: 0,
  },
  'baselines are trained although the budget is spent': {
    product: inFunction(
      'Derive',
      hiding((key) => key.includes('/ledger')),
    ),
    breaks: /baselines were chosen after/,
    seed: 6,
  },
  'a budget that lasts leaves baselines out': {
    product: choosing(({ contenders }) => ({ contenders: contenders.slice(0, 1), limited: 'no baselines' })),
    breaks: /baselines were left out after/,
    seed: 0,
  },
  'a baseline is forgotten': {
    product: choosing(({ contenders, ...others }) => ({
      ...others,
      contenders: contenders.slice(0, Math.max(1, contenders.length - 1)),
    })),
    breaks: /candidates are derived/,
    seed: 0,
  },
  'only the network that was found is trained with every seed': {
    product: choosing(({ contenders, ...others }) => ({
      ...others,
      contenders: contenders.map((each) =>
        each.role === 'derived' ? each : { ...each, trials: each.trials.slice(0, 1) },
      ),
    })),
    breaks: /is trained with seeds/,
    seed: 0,
  },
  'baselines are trained for fewer steps': {
    product: inFunction(
      'Derive',
      rewriting<ClassifierSpec>(isSpec, (spec) =>
        spec.network?.kind === 'mobilenet-v2'
          ? { ...spec, optimiser: { ...spec.optimiser, steps: 1 } }
          : spec,
      ),
    ),
    breaks: /are not trained alike/,
    seed: 0,
  },
  'the best baseline wins': {
    product: inFunction(
      'Compare',
      rewriting<Comparison>(
        (key) => key === keys.comparison,
        ({ contenders, winner, ...others }) => {
          const [best] = contenders
            .filter(({ score }) => score !== null)
            .toSorted((a, b) => b.score! - a.score!)
          const { trial } = best!.trials[0]!
          return { ...others, contenders, winner: { ...winner, trial, score: best!.score! } }
        },
      ),
    ),
    breaks: /which is not of the network that was derived/,
    seed: 2,
  },
  'candidates are put, whatever is there': {
    source: [
      {
        file: 'functions/densenas/derive.ts',
        from: '  return putJsonOnce(',
        to: `  const putAlways = async (to: ObjectStore, key: string, _: unknown, value: Candidates) => {
    await to.put(key, jsonBytes(value))
    return value
  }
  return putAlways(`,
      },
    ],
    breaks: /candidates\.json was written twice/,
    seed: 219,
  },
  'a budget that is spent is ignored': {
    source: [
      {
        file: 'functions/comparison.ts',
        from: 'const limited = usedUp(',
        to: 'const limited = undefined && usedUp(',
      },
    ],
    breaks: /baselines were chosen after/,
    seed: 6,
  },
}

/** Seeds that find the shared defects. */
export const seeds: Readonly<Record<SharedDefect, number | null>> = {
  'what is put if absent replaces what is there': 0,
  'an attempt is in the ledger twice': 0,
  'an attempt that is killed leaves no ledger entry': 2,
  'an attempt gives one sign of life and no more': 2,
  'a loss of NaN is no failure': 2,
  'a trial is trained whether it has a result or not': 2,
  'a stop does not reach the jobs': 6,
  'the starts of a trial are not counted': 17,
  'an interrupted job is taken to be done': 0,
  'what a run knows travels in payloads': 0,
  'a function writes what its definition does not allow': 0,
  'a job writes an object that has no policy': 0,
  'a run that is resumed does not forget its attempts': null,
  'deaths are counted over all runs': 9,
  'a trial is blamed for what a sick host has killed': 59,
  'a failure of the store is recorded as that of the trial': 3,
  'trials that may have been killed by their machines have failed for all runs': 2,
  'trials of a job whose card cannot be used are recorded as failed': 0,
  'trials of a job that Batch has refused are recorded as failed': 0,
  'a failure that nobody knows the origin of is shared with other runs': 4,
  'the key of a trial does not depend on its seed': 0,
  'damaged JSON is taken as it is': null,
  'hours at work are counted twice': 0,
  'an interruption counts as a death of the trial': null,
}
