import type { StateMachine } from '../asl.ts'
import { orElse } from '../failures.ts'
import { finalized } from '../steps.ts'
import { invoke, start, submit } from './steps.ts'

const run = '{% $run %}'
const Catch = orElse('FinalizeFailure')

/**
 * Revises the ranking of a run whose search is over: trains in full, on the dataset as it is now, the candidates that have
 * not been trained on it, and publishes the ranking. Where nothing is new, no job runs. Started by a schedule, or by hand.
 *
 * Input `{run, concurrency, usd?}`: with `usd`, nothing begins once the run has cost so much in all.
 */
export const revision: StateMachine = {
  Comment: 'Trellis: revise the ranking of a run',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 90 * 24 * 3600,
  StartAt: 'Start',
  States: {
    Start: {
      Type: 'Pass',
      Assign: {
        run: '{% $states.input.run %}',
        concurrency: '{% $states.input.concurrency %}',
        usd: '{% $exists($states.input.usd) ? $states.input.usd : null %}',
      },
      Next: 'CheckDue',
    },
    CheckDue: invoke('CheckDue', { run, usd: '{% $usd %}' }, { Catch: orElse('Failed'), Next: 'IsDue' }),
    IsDue: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.due and $states.input.survey %}', Next: 'Survey' },
        { Condition: '{% $states.input.due %}', Next: 'Rerank' },
      ],
      Default: 'NotDue',
    },
    NotDue: { Type: 'Succeed' },

    Survey: submit('Survey', { run, input: '{}' }, { Output: {}, Catch, Next: 'Rerank' }),
    Rerank: start(
      'Rerank',
      { run, concurrency: '{% $concurrency %}' },
      { Output: {}, Catch, Next: 'Decode' },
    ),
    Decode: invoke('Decode', { run }, { Catch, Next: 'Finalize' }),
    // The search has succeeded all the same: only what the revision has cost is recorded.
    ...finalized({ run }, 'RevisionFailed'),
  },
}
