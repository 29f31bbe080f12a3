import type { IRole } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Access, Keys } from '../pipelines/pipeline.ts'
import { allow } from './policies.ts'

/** Grants exactly that on the store. */
export function grantAccess(bucket: IBucket, role: IRole, { reads, writes, deletes = [] }: Access): void {
  // Without it, S3 answers a read of what is not there with 403 and not 404. A condition on the prefix would do the same:
  // a read has none.
  allow(role, { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] })
  const allowObjects = (keys: Keys, ...actions: readonly string[]) => {
    if (keys.length === 0) return
    const resources = keys.map((pattern) => bucket.arnForObjects(pattern))
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
