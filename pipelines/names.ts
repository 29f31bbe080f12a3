/**
 * The names that stand in a pipeline where AWS wants an ARN, as `${Name}`. Whoever runs a pipeline resolves each:
 * `infra/` to what it deploys, `local/` to what is on this computer.
 */

/** Lambda functions. */
export const functions = [
  'Prepare',
  'Propose',
  'RecordFailure',
  'Aggregate',
  'PickTop',
  'Correlate',
  'Decode',
  'Settle',
  'Review',
  'PrepareDenseNas',
  'Derive',
  'Compare',
  'DecodeDenseNas',
] as const

/** Batch job definitions, each with the TRELLIS_JOB that it sets beside TRELLIS_STORE. */
export const jobs = {
  Pretrain: 'pretrain',
  Features: 'features',
  ProxyTask: 'proxy-task',
  Train: 'train',
  Survey: 'survey',
  Latency: 'latency',
  Supernet: 'supernet',
  Classifier: 'classifier',
} as const

/** State machines that another one starts. */
export const machines = { Rerank: 'rerank' } as const

/** The queue of all jobs, and the bucket whose root is the object store. */
export const resources = ['JobQueue', 'Bucket'] as const

export type FunctionName = (typeof functions)[number]
export type JobName = keyof typeof jobs
export type MachineName = keyof typeof machines
export type Name = FunctionName | JobName | MachineName | (typeof resources)[number]

export const names: readonly Name[] = [
  ...functions,
  ...(Object.keys(jobs) as JobName[]),
  ...(Object.keys(machines) as MachineName[]),
  ...resources,
]

/** The name as it stands in a definition. */
export const placeholder = <N extends Name>(name: N): `\${${N}}` => `\${${name}}`
