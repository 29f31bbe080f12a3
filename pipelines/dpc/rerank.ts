import type { StateMachine } from '../asl.ts'
import { eachShard, invoke, orElse } from '../steps.ts'

const run = '{% $run %}'
const Catch = orElse('Failed')

/**
 * Trains the best of a run and the baselines in full, and says how well the proxy task had ranked them. Started by the
 * search, and for later editions of its ranking. Input `{run, concurrency}`; output `{run, edition, winner}`.
 */
export const rerank: StateMachine = {
  Comment: 'Trellis: re-rank the best of a run by full training',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 30 * 24 * 3600,
  StartAt: 'Start',
  States: {
    Start: {
      Type: 'Pass',
      Assign: { run: '{% $states.input.run %}', concurrency: '{% $states.input.concurrency %}' },
      Next: 'PickTop',
    },
    PickTop: invoke('PickTop', { run }, { Catch, Next: 'HasWork' }),
    HasWork: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.pending > 0 %}', Next: 'TrainTop' }],
      Default: 'Correlate',
    },
    TrainTop: eachShard('Train', { Catch, Next: 'Correlate' }),
    Correlate: invoke('Correlate', { run, edition: '{% $states.input.edition %}' }, { Catch, End: true }),
    Failed: { Type: 'Fail', Error: 'RerankFailed', Cause: '{% $states.input.error %}' },
  },
}
