import type { IRole } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { FunctionName, JobName } from '../pipelines/names.ts'
import { allow } from './policies.ts'

/** Prefixes of the store, as ARCHITECTURE.md lists them; `ledger` and `surveys` are those of any run. */
export const PREFIXES = {
  runs: 'runs/*',
  ledger: 'runs/*/ledger/*',
  surveys: 'runs/*/datasets/*',
  trials: 'trials/*',
  backbones: 'backbones/*',
  features: 'features/*',
  latencies: 'latencies/*',
  datasets: 'datasets/*',
} as const
type Prefix = keyof typeof PREFIXES

/**
 * What a part of Trellis reads and writes. It also reads where it only writes once, or in parts: after a lost reply the store
 * looks whether the object there is its own.
 */
export interface Access {
  readonly reads: readonly Prefix[]
  readonly writes: readonly Prefix[]
  /** What it may remove: a checkpoint whose training is done, starts that are taken back or forgotten. */
  readonly deletes?: readonly Prefix[]
}

export const FUNCTION_ACCESS: Readonly<Record<FunctionName, Access>> = {
  Prepare: { reads: ['runs', 'backbones', 'features'], writes: [] },
  Propose: { reads: ['runs', 'trials'], writes: ['runs', 'trials'], deletes: ['trials'] },
  RecordFailure: { reads: ['trials'], writes: ['trials'] },
  Aggregate: { reads: ['runs', 'trials'], writes: ['runs', 'trials'] },
  PickTop: { reads: ['runs', 'trials'], writes: ['runs', 'trials'], deletes: ['trials'] },
  Correlate: { reads: ['runs', 'trials'], writes: ['runs', 'trials'] },
  Decode: { reads: ['runs', 'trials'], writes: ['runs'] },
  Settle: { reads: ['runs', 'trials'], writes: ['runs'] },
  PrepareDenseNas: {
    reads: ['runs', 'trials', 'latencies'],
    writes: ['runs', 'trials'],
    deletes: ['trials'],
  },
  Derive: { reads: ['runs', 'trials', 'latencies'], writes: ['runs', 'trials'], deletes: ['trials'] },
  Compare: { reads: ['runs', 'trials'], writes: ['runs', 'trials'] },
  DecodeDenseNas: { reads: ['runs', 'trials'], writes: ['runs'] },
  Review: { reads: ['runs'], writes: [] },
}

export const JOB_ACCESS: Readonly<Record<JobName, Access>> = {
  Pretrain: { reads: ['runs', 'datasets', 'backbones'], writes: ['backbones', 'ledger'] },
  Features: { reads: ['runs', 'datasets', 'backbones', 'features'], writes: ['features', 'ledger'] },
  ProxyTask: { reads: ['runs', 'features', 'trials'], writes: ['trials', 'ledger'], deletes: ['trials'] },
  Train: {
    reads: ['runs', 'datasets', 'backbones', 'trials'],
    writes: ['trials', 'ledger'],
    deletes: ['trials'],
  },
  Latency: { reads: ['runs', 'latencies'], writes: ['latencies', 'ledger'] },
  Supernet: {
    reads: ['runs', 'datasets', 'latencies', 'trials'],
    writes: ['trials', 'ledger'],
    deletes: ['trials'],
  },
  Classifier: { reads: ['runs', 'datasets', 'trials'], writes: ['trials', 'ledger'], deletes: ['trials'] },
  Survey: { reads: ['runs', 'datasets'], writes: ['surveys', 'ledger'] },
}

/** Grants exactly that on the store. */
export function grantAccess(bucket: IBucket, role: IRole, access: Access): void {
  const { reads, writes, deletes = [] } = access
  // Without it, S3 answers a read of what is not there with 403 and not 404. A condition on the prefix would do the same:
  // a read has none.
  allow(role, { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] })
  const allowObjects = (prefixes: readonly Prefix[], ...actions: readonly string[]) => {
    if (prefixes.length === 0) return
    const resources = prefixes.map((prefix) => bucket.arnForObjects(PREFIXES[prefix]))
    allow(role, {
      actions,
      resources,
      wildcard: 'keys hold names of runs and hashes, known when a search runs',
    })
  }
  allowObjects(reads, 's3:GetObject')
  allowObjects(writes, 's3:PutObject', 's3:AbortMultipartUpload')
  allowObjects(deletes, 's3:DeleteObject')
}
