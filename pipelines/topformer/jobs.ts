import type { JobDefinition } from '../pipeline.ts'
import { latencyJob, trialRights } from '../shared.ts'

export const jobs = {
  Latency: latencyJob,
  Pretrain: {
    kind: 'pretrain',
    // The 15 days of the paper are those of pretraining, too.
    hours: 168,
    cores: 'all',
    reads: ['runs/*', 'datasets/*', 'trials/*'],
    ...trialRights,
  },
  Supernet: {
    kind: 'supernet',
    // The two of the paper held eight cards for 15 days; a job has one.
    hours: 168,
    cores: 'all',
    reads: ['runs/*', 'datasets/*', 'trials/*', 'supernets/*'],
    ...trialRights,
    deletes: [...trialRights.deletes, 'supernets/*'],
  },
  Evaluate: {
    kind: 'evaluate',
    hours: 24,
    cores: 'one',
    reads: ['runs/*', 'datasets/*', 'trials/*'],
    ...trialRights,
  },
  Train: {
    kind: 'train',
    hours: 72,
    cores: 'one',
    reads: ['runs/*', 'datasets/*', 'trials/*', 'supernets/*'],
    ...trialRights,
    deletes: [...trialRights.deletes, 'supernets/*'],
  },
} as const satisfies Readonly<Record<string, JobDefinition>>
