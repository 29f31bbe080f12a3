import type { StateMachine } from '../asl.ts'
import { orElse } from '../failures.ts'
import { begin, comparison, finalized, rounds } from '../steps.ts'
import { eachShard, invoke, submit } from './steps.ts'

const run = '{% $run %}'
const round = '{% $states.input.round %}'
const Catch = orElse('FinalizeFailure')
const Output = '{% $states.input %}'

const ifAny = (Next: string, Default: string) =>
  ({
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.input.pending > 0 %}', Next }],
    Default,
  }) as const

/**
 * The search of "Auto-FPN: Automatic Network Architecture Adaptation for Object Detection Beyond Classification" (Xu et al. 2019):
 * on features of a trained backbone a neck is searched by gradient, then a head on that neck; where it is asked for, detectors evolve
 * in rounds (section 4.3); then the detector that was found and baselines are trained alike.
 *
 * Input `{run, concurrency}`: the run's name, and how many jobs run at once. Whatever the run costs is recorded, also when it
 * fails.
 */
export const search: StateMachine = {
  Comment: 'Trellis: search the neck and the head of a detector by gradient',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 90 * 24 * 3600,
  StartAt: 'Start',
  States: {
    Start: begin('Prepare'),
    Prepare: invoke('Prepare', { run }, { Catch, Next: 'NeedsBackbone' }),

    NeedsBackbone: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.train %}', Next: 'TrainBackbone' }],
      Default: 'NeedsFeatures',
    },
    TrainBackbone: submit('Backbone', { run, input: '{}' }, { Output, Catch, Next: 'NeedsFeatures' }),
    NeedsFeatures: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.cacheFeatures %}', Next: 'CacheFeatures' }],
      Default: 'NeedsNeck',
    },
    CacheFeatures: submit('Features', { run, input: '{}' }, { Output, Catch, Next: 'NeedsNeck' }),

    // Searches of one module, each a trial like any other: their failure is recorded, and reported by what derives from them.
    NeedsNeck: ifAny('SearchNeck', 'DeriveNeck'),
    SearchNeck: eachShard('Neck', { Catch, Next: 'DeriveNeck' }),
    DeriveNeck: invoke('DeriveNeck', { run }, { Catch, Next: 'NeedsHead' }),
    NeedsHead: ifAny('SearchHead', 'NeedsEvolution'),
    SearchHead: eachShard('Head', { Catch, Next: 'NeedsEvolution' }),

    // A baseline, with what the searches have left of the budget.
    NeedsEvolution: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $exists($states.input.round) %}', Next: 'Propose' }],
      Default: 'DeriveHead',
    },
    ...rounds('TrainRound', {
      propose: invoke('Propose', { run, round }, { Catch, Next: 'HasWork' }),
      each: eachShard('Evolution', { Catch, Next: 'Aggregate' }),
      conclude: invoke('Aggregate', { run, round }, { Catch, Next: 'Enough' }),
      next: 'DeriveHead',
    }),

    ...comparison(
      { choose: 'DeriveHead', conclude: 'Compare' },
      {
        choose: invoke('DeriveHead', { run }, { Catch, Next: 'HasCandidates' }),
        train: eachShard('Detector', { Catch, Next: 'Compare' }),
        conclude: invoke('Compare', { run }, { Catch, Next: 'Decode' }),
      },
    ),
    Decode: invoke('Decode', { run }, { Catch, Next: 'Finalize' }),
    ...finalized({ run, error: '{% $states.input.error %}' }, 'SearchFailed'),
  },
}
