import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Pipeline } from '../../pipelines/pipeline.ts'
import type { Resource } from '../../pipelines/shared.ts'
import type { GpuBatch } from '../batch/gpu-batch.ts'
import type { Functions } from '../functions.ts'
import { kebab } from '../names.ts'
import { ON_DEMAND_QUEUE } from './on-aws.ts'

/** What a name in a definition stands for, and the ARN that a policy has for it. */
export interface Named {
  readonly value: string
  readonly arn: string
}

export type Names = Readonly<Record<string, Named>>

export interface Deployed {
  readonly functions: Functions
  readonly batch: GpuBatch
  readonly bucket: IBucket
  /** Begins the names of machines. */
  readonly name: string
}

/** A pipeline's search has the name of the pipeline; its other machines have theirs after it. */
export const machineName = (pipeline: string, machine: string): string =>
  machine === 'Search' ? pipeline : `${pipeline}-${kebab(machine)}`

/** What the names in the definition of a pipeline stand for, on one kind of card. */
export function namesOf({ name: pipeline, machines }: Pipeline, deployed: Deployed): Names {
  const { functions, batch, bucket, name } = deployed
  const stack = Stack.of(bucket)
  const ofFunctions = (all: Readonly<Record<string, Lambda>>) =>
    mapped(all, ({ functionArn }) => same(functionArn))
  const resources: Readonly<Record<Resource, Named>> = {
    JobQueue: same(batch.queue.jobQueueArn),
    Bucket: { value: bucket.bucketName, arn: bucket.bucketArn },
  }
  return {
    ...resources,
    ...(batch.onDemandQueue && { [ON_DEMAND_QUEUE]: same(batch.onDemandQueue.jobQueueArn) }),
    ...ofFunctions(functions.shared),
    ...ofFunctions(functions.ofPipelines[pipeline]!),
    ...mapped(batch.jobs.ofPipelines[pipeline]!, ({ definition, name }) => ({
      value: definition.jobDefinitionArn,
      arn: stack.formatArn({
        service: 'batch',
        resource: 'job-definition',
        resourceName: name,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    })),
    // By their names, as machines start each other.
    ...mapped(machines, (_, machine) =>
      same(
        stack.formatArn({
          service: 'states',
          resource: 'stateMachine',
          resourceName: `${name}-${machineName(pipeline, machine)}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ),
    ),
  }
}

const same = (arn: string): Named => ({ value: arn, arn })

const mapped = <T>(all: Readonly<Record<string, T>>, map: (each: T, name: string) => Named): Names =>
  Object.fromEntries(Object.entries(all).map(([name, each]) => [name, map(each, name)]))
