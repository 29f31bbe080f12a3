import { Duration, RemovalPolicy, Size, Validations } from 'aws-cdk-lib'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { storeLayout } from '../nas/pipelines/layout.ts'
import { prefixesOf, type StoreLayout } from '../nas/runs/store-layout.ts'
import type { Deployment } from './config.ts'

const closed: BucketProps = {
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
}

/** The object store: one bucket, and one for the logs of who used it. Neither is deleted with the deployment. */
export class Storage extends Construct {
  readonly bucket: IBucket
  readonly logs: IBucket

  constructor(scope: Construct, id: string, { keepDays }: Pick<Deployment, 'keepDays'>) {
    super(scope, id)
    const logs = new Bucket(this, 'Logs', {
      ...closed,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ id: 'logs', expiration: Duration.days(keepDays.logs) }],
    }) as IBucket
    Validations.of(logs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'it is where access logs go; logging its own access would have no end',
    })
    this.logs = logs
    this.bucket = new Bucket(this, 'Store', {
      ...closed,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: 'access/',
      lifecycleRules: lifecycle(keepDays, storeLayout()),
    }) as IBucket
  }
}

/** Manifests are smaller and shards larger. */
const SHARD = Size.kibibytes(64)

/** Versions are for what nobody can make again: results, which lie here, and what users have put into the store. */
const RESULTS = 'runs'

function lifecycle(
  { features: caches, oldVersions }: Deployment['keepDays'],
  layout: StoreLayout,
): LifecycleRule[] {
  const made = prefixesOf(layout, (policy) => policy !== 'input').filter((prefix) => prefix !== RESULTS)
  return [
    { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(2) },
    ...prefixesOf(layout).map((prefix) => replaced(prefix, made.includes(prefix) ? 1 : oldVersions)),
    ...layout.caches.flatMap((prefix) => expired(prefix, caches)),
  ]
}

/**
 * Of a checkpoint, only the latest is of use. One of 40 MB every five minutes (see nas/runs/checkpoint-interval.ts), each kept for
 * a day at $0.023 a GB and month, costs $0.0004 an hour.
 */
const replaced = (prefix: string, days: number): LifecycleRule => ({
  id: `replaced-${prefix}`,
  prefix: `${prefix}/`,
  noncurrentVersionExpiration: Duration.days(days),
  // A checkpoint that is deleted when its training is done leaves such a marker.
  expiredObjectDeleteMarker: true,
})

/** S3 expires object by object. A manifest goes first: without it a cache is made again, without a shard it is broken. */
const expired = (prefix: string, days: number): LifecycleRule[] => [
  {
    id: `${prefix}-manifests`,
    prefix: `${prefix}/`,
    objectSizeLessThan: SHARD.toBytes(),
    expiration: Duration.days(days),
  },
  {
    id: `${prefix}-shards`,
    prefix: `${prefix}/`,
    objectSizeGreaterThan: SHARD.toBytes() - 1,
    expiration: Duration.days(days + 7),
  },
]
