import type { StateMachine } from '../asl.ts'
import { invoke, orElse, settled, start, submit } from '../steps.ts'

const run = '{% $run %}'
const Catch = orElse('SettleFailure')

/**
 * Makes a new edition of the ranking of a run whose search is over: trains in full, on the dataset as it is now, whoever has
 * not been trained on it, and publishes what came of it. Where nothing is new, no job runs. Started by a schedule, or by hand.
 *
 * Input `{run, concurrency, usd?}`: with `usd`, nothing begins once the run has cost so much in all.
 */
export const edition: StateMachine = {
  Comment: 'Trellis: a new edition of the ranking of a run',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 30 * 24 * 3600,
  StartAt: 'Start',
  States: {
    Start: {
      Type: 'Pass',
      Assign: {
        run: '{% $states.input.run %}',
        concurrency: '{% $states.input.concurrency %}',
        usd: '{% $exists($states.input.usd) ? $states.input.usd : null %}',
      },
      Next: 'Review',
    },
    Review: invoke('Review', { run, usd: '{% $usd %}' }, { Catch: orElse('Failed'), Next: 'IsDue' }),
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
    Decode: invoke('Decode', { run }, { Catch, Next: 'Settle' }),
    // The search has succeeded all the same: what is settled is what the edition has cost.
    ...settled({ run }, 'EditionFailed'),
  },
}
