import type { Candidates, Comparison } from '../../../../nas/pipelines/auto-fpn/comparison.ts'
import { autoFpnKeys } from '../../../../nas/pipelines/auto-fpn/keys.ts'
import type { DetectorSpec } from '../../../../nas/pipelines/auto-fpn/specs.ts'
import type { AutoFpnGenotype } from '../../../../nas/spaces/auto-fpn/genotype.ts'
import { type Found, hiding, inFunction, inJobsOf, rewriting, withFunction } from './mutant.ts'
import type { SharedDefect } from './shared.ts'

const keys = autoFpnKeys('simulated')
const isCandidates = (key: string) => key === keys.candidates
const isSpec = (key: string) => key.endsWith('/spec.json')
let attempts = 0

/** Candidates, changed as they are chosen. */
const choosing = (change: (candidates: Candidates) => Candidates) =>
  inFunction('DeriveHead', rewriting(isCandidates, change))

export const own: Found = {
  'features are not cached': {
    product: withFunction('Prepare', (prepare) => async (event) => ({
      ...((await prepare(event)) as object),
      cacheFeatures: false,
    })),
    breaks: /before there were features/,
    seed: 1,
  },
  'a head that began before is taken to be searched': {
    product: withFunction('DeriveNeck', (deriveNeck, store) => async (event) => {
      const before = await store.get(keys.supernetShards('head'))
      const answer = (await deriveNeck(event)) as object
      return before === undefined ? answer : { ...answer, pending: 0 }
    }),
    breaks: /missed a result/,
    seed: 4,
  },
  "the head is searched on FPN's neck": {
    source: [
      {
        file: 'nas/pipelines/auto-fpn/searches.ts',
        from: 'supernetSpec(record, module, neck.method, neck)',
        to: 'supernetSpec(record, module, neck.method, null)',
      },
    ],
    breaks: /was never chosen/,
    seed: 9,
  },
  'the head starts from fresh weights': {
    source: [
      {
        file: 'nas/pipelines/auto-fpn/specs.ts',
        from: 'config.search.pretrainedNeck ? neck.trial : null',
        to: 'null',
      },
    ],
    breaks: /starts from the weights of null/,
    seed: 18,
  },
  'what was found for the head comes without its neck': {
    source: [
      {
        file: 'functions/auto-fpn/supernets.ts',
        from: '{ ...spec.neck?.genotype, ...module }',
        to: 'module',
      },
    ],
    breaks: /is not what its search has found/,
    seed: 9,
  },
  'a neck depends on the attempt that searched it': {
    product: inJobsOf('neck', (store) => {
      const operator = ++attempts % 2 === 0 ? 'identity' : 'none'
      return rewriting<AutoFpnGenotype>(
        (key) => key.endsWith('/genotype.json'),
        ({ neck, ...others }) => ({
          ...others,
          neck: { ...neck!, layers: neck!.layers.map((layer) => layer.map(() => operator)) },
        }),
      )(store)
    }),
    breaks: /genotype\.json has changed/,
    seed: 11,
  },
  // A defect that the simulator has found.
  "SNAS goes on with FPN's neck where it has found none": {
    source: [
      {
        file: 'nas/pipelines/auto-fpn/searches.ts',
        from: '    : necks.map((neck) => supernetSpec(record, module, neck.method, neck))',
        to: `    : methodsOf(record.config).map((method, i) =>
        supernetSpec(record, module, method, necks[i] ?? null),
      )`,
      },
    ],
    breaks: /was never chosen/,
    seed: 0,
  },
  'baselines are trained although the budget is spent': {
    product: inFunction(
      'DeriveHead',
      hiding((key) => key.includes('/ledger')),
    ),
    breaks: /baselines were chosen after/,
    seed: 1,
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
    breaks: /candidates are found/,
    seed: 0,
  },
  'random detectors have a neck alone': {
    product: choosing(({ contenders, ...others }) => ({
      ...others,
      contenders: contenders.map((each) =>
        each.role === 'random' && each.genotype?.neck && each.genotype.head
          ? { ...each, genotype: { ...each.genotype, head: undefined } }
          : each,
      ),
    })),
    breaks: /random is another detector than that role has/,
    seed: 32,
  },
  'only the detector that was found is trained with every seed': {
    product: choosing(({ contenders, ...others }) => ({
      ...others,
      contenders: contenders.map((each) =>
        each.role === 'found' ? each : { ...each, trials: each.trials.slice(0, 1) },
      ),
    })),
    breaks: /is trained with seeds/,
    seed: 10,
  },
  'FPN is trained for fewer steps': {
    product: inFunction(
      'DeriveHead',
      rewriting<DetectorSpec>(isSpec, (spec) =>
        spec.genotype === null ? { ...spec, optimiser: { ...spec.optimiser, steps: 1 } } : spec,
      ),
    ),
    breaks: /are not trained alike/,
    seed: 3,
  },
  'detectors evolve though the search of the head has failed': {
    source: [
      {
        file: 'functions/auto-fpn/propose.ts',
        from: 'if (round === 0) await derivedHeads(',
        to: 'if (round < 0) await derivedHeads(',
      },
    ],
    breaks: /detectors evolved though search \w+ had failed/,
    seed: 261,
  },
  'evolution hands on the detector that it has tried last': {
    source: [
      {
        file: 'nas/pipelines/auto-fpn/evolution.ts',
        from: 'ranked(all.filter(isScored))[0]',
        to: 'all.filter(isScored).at(-1)',
      },
    ],
    breaks: /evolution is another detector than that role has/,
    seed: 4,
  },
  'the oldest detectors of evolution stay alive': {
    source: [
      {
        file: 'nas/search/evolution.ts',
        from: 'const alive = succeeded(results).slice(-population)',
        to: 'const alive = succeeded(results).slice(0, population)',
      },
    ],
    breaks: /is no child of the youngest/,
    seed: 4,
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
    breaks: /which is not of the detector that was found/,
    seed: 0,
  },
}

/** Seeds that find the shared defects. */
export const seeds: Readonly<Record<SharedDefect, number | null>> = {
  'what is put if absent replaces what is there': 0,
  'an attempt is in the ledger twice': 0,
  'an attempt that is killed leaves no ledger entry': 1,
  'an attempt gives one sign of life and no more': 1,
  'a loss of NaN is no failure': 3,
  'a trial is trained whether it has a result or not': 4,
  'a stop does not reach the jobs': 4,
  'the starts of a trial are not counted': 4,
  'an interrupted job is taken to be done': 0,
  'what a run knows travels in payloads': 0,
  'a function writes what its definition does not allow': 0,
  'a job writes an object that has no policy': 0,
  'a run that is resumed does not forget its attempts': 95,
  'deaths are counted over all runs': 4,
  'a trial is blamed for what a sick host has killed': 0,
  'a failure of the store is recorded as that of the trial': 1,
  'trials that may have been killed by their machines have failed for all runs': 4,
  'trials of a job whose card cannot be used are recorded as failed': 1,
  'trials of a job that Batch has refused are recorded as failed': 1,
  'a failure that nobody knows the origin of is shared with other runs': 20,
  'the key of a trial does not depend on its seed': 7,
  'damaged JSON is taken as it is': null,
  'hours at work are counted twice': 0,
  'an interruption counts as a death of the trial': 104,
}
