import type { FunctionDefinition } from './pipeline.ts'

/** Functions that the machines of all pipelines call. */
export const sharedFunctions = {
  RecordFailure: { reads: ['trials/*'], writes: ['trials/*'] },
  Finalize: { reads: ['runs/*', 'trials/*'], writes: ['runs/*'], publishes: true },
} as const satisfies Readonly<Record<string, FunctionDefinition>>

export type SharedFunction = keyof typeof sharedFunctions

/** The queue of all jobs, and the bucket whose root is the object store. */
export const resources = ['JobQueue', 'Bucket'] as const
export type Resource = (typeof resources)[number]

/**
 * A name as it stands in a definition, where AWS wants an ARN. Whatever runs a pipeline resolves it: `infra/` to what it deploys,
 * `local/` to what is on this computer.
 */
export const placeholder = <N extends string>(name: N): `\${${N}}` => `\${${name}}`
