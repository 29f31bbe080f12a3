import type { JobDefinition } from '../pipeline.ts'
import { trialRights } from '../shared.ts'

const supernet = {
  // The paper held eight cards for two days a module; a job has one.
  hours: 160,
  // Searches run side by side, and their small operations hardly gain by a second core (bench/README.md).
  cores: 'one',
  reads: ['runs/*', 'datasets/*', 'backbones/*', 'features/*', 'trials/*'],
  ...trialRights,
  deletes: [...trialRights.deletes, 'backbones/*', 'features/*'],
} as const

const detector = {
  hours: 160,
  cores: 'one',
  reads: ['runs/*', 'datasets/*', 'backbones/*', 'trials/*'],
  ...trialRights,
  deletes: [...trialRights.deletes, 'backbones/*'],
} as const

export const jobs = {
  Backbone: {
    kind: 'backbone',
    hours: 72,
    // Two are slower than one (bench/README.md).
    cores: 'one',
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
  Neck: { kind: 'neck', ...supernet },
  Head: { kind: 'head', ...supernet },
  Evolution: { kind: 'evolution', ...detector },
  Detector: { kind: 'detector', ...detector },
} as const satisfies Readonly<Record<string, JobDefinition>>
