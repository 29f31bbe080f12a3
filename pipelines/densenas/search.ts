import type { StateMachine } from '../asl.ts'
import { orElse } from '../failures.ts'
import { begin, comparison, finalized, measurement } from '../steps.ts'
import { eachShard, invoke, submit } from './steps.ts'

const run = '{% $run %}'
const Catch = orElse('FinalizeFailure')

/**
 * The search of "Densely Connected Search Space for More Flexible Neural Architecture Search" (Fang et al. 2020): a supernet
 * trained once, by gradient in its weights and its architecture, then the network derived from it and baselines trained
 * alike.
 *
 * Input `{run, concurrency}`: the run's name, and how many jobs run at once. Whatever the run costs is recorded, also when it
 * fails.
 */
export const search: StateMachine = {
  Comment: 'Trellis: search width, depth and down-sampling of a network by gradient',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 90 * 24 * 3600,
  StartAt: 'Start',
  States: {
    Start: begin('Prepare'),
    Prepare: invoke('Prepare', { run }, { Catch, Next: 'NeedsLatencies' }),
    ...measurement(
      submit('Latency', { run, input: '{}' }, { Output: '{% $states.input %}', Catch, Next: 'NeedsSearch' }),
      'NeedsSearch',
    ),

    NeedsSearch: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.pending > 0 %}', Next: 'Search' }],
      Default: 'Derive',
    },
    // A map of one: the supernet is a trial like any other, whose failure is recorded and then reported by Derive.
    Search: eachShard('Supernet', { Catch, Next: 'Derive' }),

    ...comparison(
      { choose: 'Derive', conclude: 'Compare' },
      {
        choose: invoke('Derive', { run }, { Catch, Next: 'HasCandidates' }),
        train: eachShard('Classifier', { Catch, Next: 'Compare' }),
        conclude: invoke('Compare', { run }, { Catch, Next: 'Decode' }),
      },
    ),
    Decode: invoke('Decode', { run }, { Catch, Next: 'Finalize' }),
    ...finalized({ run, error: '{% $states.input.error %}' }, 'SearchFailed'),
  },
}
