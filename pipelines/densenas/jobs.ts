import type { JobDefinition } from '../pipeline.ts'
import { latencyJob, trialRights } from '../shared.ts'

export const jobs = {
  Latency: latencyJob,
  Supernet: {
    kind: 'supernet',
    // The search of the paper held four cards for 23 hours; a job has one.
    hours: 144,
    cores: 'all',
    reads: ['runs/*', 'datasets/*', 'latencies/*', 'trials/*'],
    ...trialRights,
  },
  Classifier: {
    kind: 'classifier',
    hours: 72,
    cores: 'one',
    reads: ['runs/*', 'datasets/*', 'trials/*'],
    ...trialRights,
  },
} as const satisfies Readonly<Record<string, JobDefinition>>
