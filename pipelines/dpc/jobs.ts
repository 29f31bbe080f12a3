import type { JobDefinition } from '../pipeline.ts'
import { trialRights } from '../shared.ts'

export const jobs = {
  Pretrain: {
    kind: 'pretrain',
    hours: 24,
    cores: 'all',
    reads: ['runs/*', 'datasets/*', 'backbones/*'],
    writes: ['backbones/*', 'runs/*/ledger/*'],
    deletes: ['backbones/*'],
  },
  Features: {
    kind: 'features',
    hours: 24,
    cores: 'all',
    reads: ['runs/*', 'datasets/*', 'backbones/*', 'features/*'],
    writes: ['features/*', 'runs/*/ledger/*'],
    deletes: ['backbones/*'],
  },
  ProxyTask: {
    kind: 'proxy-task',
    hours: 24,
    cores: 'one',
    reads: ['runs/*', 'features/*', 'trials/*'],
    ...trialRights,
    deletes: [...trialRights.deletes, 'features/*'],
  },
  Train: {
    kind: 'train',
    hours: 72,
    cores: 'one',
    reads: ['runs/*', 'datasets/*', 'backbones/*', 'trials/*'],
    ...trialRights,
    deletes: [...trialRights.deletes, 'backbones/*'],
  },
  Survey: {
    kind: 'survey',
    hours: 24,
    cores: 'one',
    reads: ['runs/*', 'datasets/*'],
    writes: ['runs/*/datasets/*', 'runs/*/ledger/*'],
  },
} as const satisfies Readonly<Record<string, JobDefinition>>
