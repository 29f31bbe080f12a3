import type { Candidates, Comparison } from '../../../../nas/pipelines/topformer/comparison.ts'
import type { Front } from '../../../../nas/pipelines/topformer/front.ts'
import { topformerKeys } from '../../../../nas/pipelines/topformer/keys.ts'
import type { Round, RoundResults } from '../../../../nas/pipelines/topformer/round.ts'
import type { TrainSpec } from '../../../../nas/pipelines/topformer/specs.ts'
import { TOPFORMER_SPACES } from '../../../../nas/spaces/topformer/presets.ts'
import { largest } from '../../../../nas/spaces/topformer/space.ts'
import { type Found, inFunction, rewriting, withFunction } from './mutant.ts'
import type { SharedDefect } from './shared.ts'

const keys = topformerKeys('simulated')
const isResults = (key: string) => key.endsWith('.results.json')
const isRound = (key: string) => /half-steps\/\d+\.json$/.test(key)
const isSpec = (key: string) => key.endsWith('/spec.json')

/** Defects that this pipeline alone can have. */
export const own: Found = {
  'a supernet that began before is taken to be trained': {
    product: withFunction('Prepare', (prepare, store) => async (event) => {
      const before = await store.get(keys.supernetShards)
      const answer = (await prepare(event)) as object
      return before === undefined ? answer : { ...answer, pending: 0 }
    }),
    breaks: /missed a result/,
    seed: 4,
  },
  'supernets forget that they are to start from what was pretrained': {
    source: [
      {
        file: 'nas/pipelines/topformer/specs.ts',
        from: '...(pretrained && { pretrained }),',
        to: '',
      },
    ],
    breaks: /starts from undefined, and the run has pretrained/,
    seed: 11,
  },
  'the limit is forgotten': {
    product: inFunction(
      'Propose',
      rewriting<Round>(isRound, ({ searches, ...round }) => ({
        ...round,
        searches: searches.map((list) =>
          list.map((each) => ({ ...each, genotype: largest(TOPFORMER_SPACES['topformer-street']) })),
        ),
      })),
    ),
    breaks: /is beyond its limit/,
    seed: 0,
  },
  'the worst of a half-step is fixed for the next': {
    source: [
      {
        file: 'nas/search/coordinate-descent.ts',
        from: 'const [best] = ranked(results)',
        to: 'const best = ranked(results).at(-1)',
      },
    ],
    breaks: /does not fix what was best/,
    seed: 3,
  },
  'the incumbent is kept although it should not be': {
    source: [
      {
        file: 'nas/search/coordinate-descent.ts',
        from: 'if (keepIncumbent && descent.score',
        to: 'if (descent.score',
      },
    ],
    breaks: /does not fix what was best/,
    seed: 10,
  },
  'the search samples the other half': {
    source: [
      {
        file: 'nas/spaces/topformer/genes.ts',
        from: "half === 'cnn'",
        to: "half !== 'cnn'",
      },
    ],
    breaks: /does not fix what was best/,
    seed: 0,
  },
  'scores of a half-step are given to other networks': {
    product: inFunction(
      'Aggregate',
      rewriting<RoundResults>(isResults, ({ searches }) => ({
        searches: searches.map((list) => list.toReversed()),
      })),
    ),
    breaks: /has results of other networks/,
    seed: 0,
  },
  'the front forgets its best': {
    product: inFunction(
      'Derive',
      rewriting<Front>(
        (key) => key === keys.front,
        ({ points, ...front }) => ({ ...front, points: points.slice(0, -1) }),
      ),
    ),
    breaks: /is not on it/,
    seed: 1,
  },
  'the last network is trained instead of the best': {
    source: [
      {
        file: 'functions/topformer/finalists.ts',
        from: 'return ranked(evaluated.flat().filter(isScored))',
        to: 'return evaluated.flat().filter(isScored).toReversed()',
      },
    ],
    breaks: /is not the best found/,
    seed: 3,
  },
  'a baseline wins': {
    product: inFunction(
      'Compare',
      rewriting<Comparison>(
        (key) => key === keys.comparison,
        ({ contenders, winner, ...others }) => {
          const baseline = contenders.find(({ role }) => role !== 'searched')
          const trial = baseline?.trials[0]?.trial ?? winner.trial
          return { ...others, contenders, winner: { ...winner, trial } }
        },
      ),
    ),
    breaks: /which is of no network that was found/,
    seed: 1,
  },
  'baselines are trained for fewer steps': {
    product: inFunction(
      'Derive',
      rewriting<TrainSpec>(isSpec, (spec) =>
        spec.network?.kind === 'scaled' ? { ...spec, optimiser: { ...spec.optimiser, steps: 1 } } : spec,
      ),
    ),
    breaks: /are not trained alike/,
    seed: 1,
  },
  'only one seed is trained': {
    product: inFunction(
      'Derive',
      rewriting<Candidates>(
        (key) => key === keys.candidates,
        ({ contenders, ...others }) => ({
          ...others,
          contenders: contenders.map((each) => ({ ...each, trials: each.trials.slice(0, 1) })),
        }),
      ),
    ),
    breaks: /is trained with seeds/,
    seed: 5,
  },
}

/** Seeds that find the shared defects. */
export const seeds: Readonly<Record<SharedDefect, number | null>> = {
  'what is put if absent replaces what is there': 0,
  'an attempt is in the ledger twice': 0,
  'an attempt that is killed leaves no ledger entry': 4,
  'an attempt gives one sign of life and no more': 1,
  'a loss of NaN is no failure': 2,
  'a trial is trained whether it has a result or not': 1,
  'a stop does not reach the jobs': 4,
  'the starts of a trial are not counted': 1,
  'an interrupted job is taken to be done': 0,
  'what a run knows travels in payloads': 0,
  'a function writes what its definition does not allow': 0,
  'a job writes an object that has no policy': 0,
  'a run that is resumed does not forget its attempts': 3,
  'deaths are counted over all runs': 48,
  'a trial is blamed for what a sick host has killed': 0,
  'a failure of the store is recorded as that of the trial': 0,
  'trials that may have been killed by their machines have failed for all runs': 0,
  'trials of a job whose card cannot be used are recorded as failed': 0,
  'trials of a job that Batch has refused are recorded as failed': 1,
  'a failure that nobody knows the origin of is shared with other runs': 1,
  'the key of a trial does not depend on its seed': 2,
  'damaged JSON is taken as it is': null,
  'hours at work are counted twice': 0,
  'an interruption counts as a death of the trial': 5,
}
