import type { StateMachine } from '../asl.ts'
import { orElse } from '../failures.ts'
import { begin, comparison } from '../steps.ts'
import { eachShard, invoke } from './steps.ts'

const run = '{% $run %}'
const Catch = orElse('Failed')

/**
 * Trains the best of a run and the baselines in full, and says how well the proxy task had ranked them. Started by the
 * search, and for later revisions of its ranking. Input `{run, concurrency}`; output `{run, edition, winner}`.
 */
export const rerank: StateMachine = {
  Comment: 'Trellis: re-rank the best of a run by full training',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 60 * 24 * 3600,
  StartAt: 'Start',
  States: {
    Start: begin('PickTop'),
    ...comparison(
      { choose: 'PickTop', conclude: 'Correlate' },
      {
        choose: invoke('PickTop', { run }, { Catch, Next: 'HasCandidates' }),
        train: eachShard('Train', { Catch, Next: 'Correlate' }),
        conclude: invoke('Correlate', { run, edition: '{% $states.input.edition %}' }, { Catch, End: true }),
      },
    ),
    Failed: { Type: 'Fail', Error: 'RerankFailed', Cause: '{% $states.input.error %}' },
  },
}
