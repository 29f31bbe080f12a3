import { orElse } from '../../pipelines/failures.ts'
import type { FunctionDefinition, JobDefinition, Pipeline } from '../../pipelines/pipeline.ts'
import { attempts, trialRights } from '../../pipelines/shared.ts'
import { begin, comparison, finalized, stepsOf } from '../../pipelines/steps.ts'

const functions = {
  Choose: { reads: ['runs/*', 'trials/*'], writes: ['runs/*', 'trials/*'], deletes: attempts },
  Conclude: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'], publishes: true },
} as const satisfies Readonly<Record<string, FunctionDefinition>>

const jobs = {
  Perceptron: {
    kind: 'perceptron',
    hours: 1,
    cores: 'one',
    reads: ['runs/*', 'datasets/*', 'trials/*'],
    ...trialRights,
  },
} as const satisfies Readonly<Record<string, JobDefinition>>

const { invoke, eachShard } = stepsOf({ functions, jobs })
const run = '{% $run %}'
const Catch = orElse('FinalizeFailure')

export const definition = {
  name: 'perceptron',
  functions,
  jobs,
  machines: {
    Search: {
      QueryLanguage: 'JSONata',
      TimeoutSeconds: 24 * 3600,
      StartAt: 'Start',
      States: {
        Start: begin('Choose'),
        ...comparison(
          { choose: 'Choose', conclude: 'Conclude' },
          {
            choose: invoke('Choose', { run }, { Catch, Next: 'HasCandidates' }),
            train: eachShard('Perceptron', { Catch, Next: 'Conclude' }),
            conclude: invoke('Conclude', { run }, { Catch, Next: 'Finalize' }),
          },
        ),
        ...finalized({ run, error: '{% $states.input.error %}' }, 'SearchFailed'),
      },
    },
  },
} as const satisfies Pipeline
