import type { StateMachine } from '../asl.ts'
import { orElse } from '../failures.ts'
import { begin, finalized, rounds } from '../steps.ts'
import { eachShard, invoke, start, submit } from './steps.ts'

const run = '{% $run %}'
const round = '{% $states.input.round %}'
const whole = { run, input: '{}' }
const Catch = orElse('FinalizeFailure')

/**
 * The search of "Searching for Efficient Multi-Scale Architectures for Dense Image Prediction" (Chen et al. 2018): rounds of
 * proposals trained on the proxy task (section 4.2), then a re-ranking by full training.
 *
 * Input `{run, concurrency}`: the run's name, and how many shards are trained at once. Whatever the run costs is recorded,
 * also when it fails.
 */
export const search: StateMachine = {
  Comment: 'Trellis: search for a dense prediction cell',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 90 * 24 * 3600,
  StartAt: 'Start',
  States: {
    Start: begin('Prepare'),
    Prepare: invoke('Prepare', { run }, { Catch, Next: 'NeedsBackbone' }),

    NeedsBackbone: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.pretrain %}', Next: 'Pretrain' }],
      Default: 'NeedsFeatures',
    },
    Pretrain: submit('Pretrain', whole, { Output: '{% $states.input %}', Catch, Next: 'NeedsFeatures' }),

    NeedsFeatures: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.cacheFeatures %}', Next: 'CacheFeatures' }],
      Default: 'Propose',
    },
    CacheFeatures: submit('Features', whole, { Output: '{% $states.input %}', Catch, Next: 'Propose' }),

    ...rounds('TrainRound', {
      propose: invoke('Propose', { run, round }, { Catch, Next: 'HasWork' }),
      each: eachShard('ProxyTask', { Catch, Next: 'Aggregate' }),
      conclude: invoke('Aggregate', { run, round }, { Catch, Next: 'Enough' }),
      next: 'Rerank',
    }),

    Rerank: start(
      'Rerank',
      { run, concurrency: '{% $concurrency %}' },
      { Output: {}, Catch, Next: 'Decode' },
    ),
    Decode: invoke('Decode', { run }, { Catch, Next: 'Finalize' }),
    ...finalized({ run, error: '{% $states.input.error %}' }, 'SearchFailed'),
  },
}
