import type { StateMachine } from '../asl.ts'
import { orElse } from '../failures.ts'
import { begin, comparison, finalized, measurement, rounds } from '../steps.ts'
import { eachShard, invoke, submit } from './steps.ts'

const run = '{% $run %}'
const round = '{% $states.input.round %}'
const Catch = orElse('FinalizeFailure')

/**
 * The search of "Neural Architecture Search for Mobile Semantic Segmentation" (Efficient-TopFormer): an elastic supernet,
 * pretrained where that is asked for and trained once, then coordinate descent over its CNN and its ViT (Algorithm 1), whose networks and baselines are then trained
 * alike.
 *
 * Input `{run, concurrency}`: the run's name, and how many jobs run at once. Whatever the run costs is recorded, also when it
 * fails.
 */
export const search: StateMachine = {
  Comment: 'Trellis: search an elastic network of convolutions and transformers by coordinate descent',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 90 * 24 * 3600,
  StartAt: 'Start',
  States: {
    Start: begin('Prepare'),
    Prepare: invoke('Prepare', { run }, { Catch, Next: 'NeedsLatencies' }),
    ...measurement(
      submit(
        'Latency',
        { run, input: '{}' },
        { Output: '{% $states.input %}', Catch, Next: 'NeedsPretraining' },
      ),
      'NeedsPretraining',
    ),

    // Where a run pretrains, which supernets are to be trained is asked after that.
    NeedsPretraining: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.pretrain %}', Next: 'PretrainSupernet' }],
      Default: 'NeedsSupernet',
    },
    PretrainSupernet: eachShard('Pretrain', { Catch, Next: 'PrepareSupernets' }),
    PrepareSupernets: invoke('PrepareSupernets', { run }, { Catch, Next: 'NeedsSupernet' }),

    NeedsSupernet: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.pending > 0 %}', Next: 'TrainSupernets' }],
      Default: 'Propose',
    },
    TrainSupernets: eachShard('Supernet', { Catch, Next: 'Propose' }),

    ...rounds('EvaluateHalfStep', {
      propose: invoke('Propose', { run, round }, { Catch, Next: 'HasWork' }),
      each: eachShard('Evaluate', { Catch, Next: 'Aggregate' }),
      conclude: invoke('Aggregate', { run, round }, { Catch, Next: 'Enough' }),
      next: 'Derive',
    }),

    ...comparison(
      { choose: 'Derive', conclude: 'Compare' },
      {
        choose: invoke('Derive', { run }, { Catch, Next: 'HasCandidates' }),
        train: eachShard('Train', { Catch, Next: 'Compare' }),
        conclude: invoke('Compare', { run }, { Catch, Next: 'Decode' }),
      },
    ),
    Decode: invoke('Decode', { run }, { Catch, Next: 'Finalize' }),
    ...finalized({ run, error: '{% $states.input.error %}' }, 'SearchFailed'),
  },
}
