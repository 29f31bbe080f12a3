import { ArnFormat, type Stack } from 'aws-cdk-lib'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { FunctionName, JobName, Name } from '../../pipelines/names.ts'
import type { GpuBatch } from '../batch/gpu-batch.ts'
import { ON_DEMAND_QUEUE } from './on-aws.ts'

/** What a name in a definition stands for, and the ARN that a policy has for it. */
export interface Named {
  readonly value: string
  readonly arn: string
}

export type Names = Readonly<Partial<Record<Name | typeof ON_DEMAND_QUEUE, Named>>>

export interface Deployed {
  readonly functions: Readonly<Record<FunctionName, Lambda>>
  readonly batch: GpuBatch
  readonly bucket: IBucket
}

/** What the names of pipelines stand for on one kind of card; machines are missing, as it is them that use the names. */
export function namesOf(stack: Stack, { functions, batch, bucket }: Deployed): Names {
  const same = (arn: string): Named => ({ value: arn, arn })
  const jobs = Object.entries(batch.jobs.definitions).map(([job, { jobDefinitionArn }]) => {
    const arn = stack.formatArn({
      service: 'batch',
      resource: 'job-definition',
      resourceName: batch.jobs.nameOf(job as JobName),
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    })
    return [job, { value: jobDefinitionArn, arn }] as const
  })
  return {
    ...Object.fromEntries(Object.entries(functions).map(([name, each]) => [name, same(each.functionArn)])),
    ...Object.fromEntries(jobs),
    JobQueue: same(batch.queue.jobQueueArn),
    ...(batch.onDemandQueue && { [ON_DEMAND_QUEUE]: same(batch.onDemandQueue.jobQueueArn) }),
    Bucket: { value: bucket.bucketName, arn: bucket.bucketArn },
  }
}
