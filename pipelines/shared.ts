import type { FunctionDefinition } from './pipeline.ts'

/** Functions that the machines of all pipelines call. */
export const sharedFunctions = {
  RecordFailure: { reads: ['runs/*/job-failure.json'], writes: ['runs/*/job-failure.json'] },
  // The report tells how latencies were measured.
  Finalize: { reads: ['runs/*', 'trials/*', 'latencies/*'], writes: ['runs/*'], publishes: true },
} as const satisfies Readonly<Record<string, FunctionDefinition>>

/** What a job may change that runs trials: see nas/runs/run-trials.ts. */
export const trialRights = {
  writes: ['trials/*', 'runs/*/starts/*', 'runs/*/failures/*', 'runs/*/ledger/*'],
  deletes: ['trials/*', 'runs/*/starts/*'],
} as const

/** Measures what parts of networks take on the machines of a run, once for all runs of equal ones. */
export const latencyJob = {
  kind: 'latency',
  hours: 6,
  cores: 'all',
  reads: ['runs/*', 'latencies/*'],
  writes: ['latencies/*', 'runs/*/ledger/*'],
  deletes: ['latencies/*'],
} as const

/** What a function may delete that lets trials be tried again: see `forgetAttempts` in nas/runs/starts.ts. */
export const attempts = ['runs/*/starts/*', 'runs/*/failures/*'] as const

export type SharedFunction = keyof typeof sharedFunctions

/** The queue of all jobs, and the bucket whose root is the object store. */
export const resources = ['JobQueue', 'Bucket'] as const
export type Resource = (typeof resources)[number]

/**
 * A name as it stands in a definition, where AWS wants an ARN. Whatever runs a pipeline resolves it: `infra/` to what it deploys,
 * `local/` to what is on this computer.
 */
export const placeholder = <N extends string>(name: N): `\${${N}}` => `\${${name}}`
