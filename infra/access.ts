import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Access, Keys } from '../pipelines/pipeline.ts'
import type { Permission } from './policies.ts'

/** Exactly that on the store. */
export function accessTo(bucket: IBucket, { reads, writes, deletes = [] }: Access): readonly Permission[] {
  const onObjects = (keys: Keys, ...actions: readonly string[]): readonly Permission[] => {
    if (keys.length === 0) return []
    const resources = keys.map((pattern) => bucket.arnForObjects(pattern))
    return [{ actions, resources, wildcard: 'keys hold names of runs and hashes, known when a search runs' }]
  }
  return [
    // Without it, S3 answers a read of what is not there with 403 and not 404. A condition on the prefix would do the same:
    // a read has none.
    { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] },
    ...onObjects(reads, 's3:GetObject'),
    ...onObjects(writes, 's3:PutObject', 's3:AbortMultipartUpload'),
    ...onObjects(deletes, 's3:DeleteObject'),
  ]
}
