import { Duration, Size, Stack, Tags } from 'aws-cdk-lib'
import { EcsEc2ContainerDefinition, EcsJobDefinition, LinuxParameters } from 'aws-cdk-lib/aws-batch'
import { type ContainerImage, LogDriver } from 'aws-cdk-lib/aws-ecs'
import type { IRole } from 'aws-cdk-lib/aws-iam'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { pipelines } from '../../functions/index.ts'
import { processEnvironment } from '../../nas/runs/job.ts'
import type { Card, Offer } from '../../nas/runs/prices.ts'
import type { JobDefinition } from '../../pipelines/pipeline.ts'
import type { JobRoles } from './job-roles.ts'
import { MAX_ATTEMPTS, retryStrategies } from './retry.ts'

/** The part of an instance's memory that jobs get: the rest is for the system and the agent. */
const FOR_JOBS = 0.85

export interface JobsProps {
  readonly card: Card
  readonly offer: Offer
  readonly image: ContainerImage
  readonly bucket: IBucket
  readonly roles: JobRoles
  readonly logGroup: ILogGroup
  /** Name of the environment that rents spot instances, if there is one: by it jobs tell what they cost. */
  readonly spotEnvironment: string | undefined
  /** Begins the physical names. */
  readonly name: string
}

export interface DeployedJob {
  /** Physical, and so known before the definition is. */
  readonly name: string
  readonly definition: EcsJobDefinition
}

/** A job definition for each kind of job of each pipeline, one card each. */
export class Jobs extends Construct {
  /** By pipeline, and by the name in its definition. */
  readonly ofPipelines: Readonly<Record<string, Readonly<Record<string, DeployedJob>>>>

  constructor(scope: Construct, id: string, props: JobsProps) {
    super(scope, id)
    const made = pipelines.all().map(([pipeline, { definition }]) => {
      const inner = new Construct(this, pipeline)
      const jobs = Object.entries(definition.jobs).map(([job, each]) => {
        const name = `${props.name}-${pipeline}-${each.kind}`
        const role = props.roles.ofPipelines[pipeline]![job]!
        return [job, { name, definition: definitionOf(inner, job, name, each, role, props) }] as const
      })
      return [pipeline, Object.fromEntries(jobs)] as const
    })
    this.ofPipelines = Object.fromEntries(made)
  }
}

function definitionOf(
  scope: Construct,
  id: string,
  jobDefinitionName: string,
  job: JobDefinition,
  jobRole: IRole,
  props: JobsProps,
): EcsJobDefinition {
  const definition = new EcsJobDefinition(scope, id, {
    jobDefinitionName,
    container: containerOf(scope, id, job, jobRole, props),
    retryAttempts: MAX_ATTEMPTS,
    retryStrategies: retryStrategies(),
    timeout: Duration.hours(job.hours),
    propagateTags: true,
    // An execution that began before an update goes on with the revision it began with.
    skipDeregisterOnUpdate: true,
  })
  Tags.of(definition).add('trellis:job', job.kind)
  return definition
}

function containerOf(
  scope: Construct,
  id: string,
  { kind, cores }: JobDefinition,
  jobRole: IRole,
  { card, offer, image, bucket, roles, logGroup, spotEnvironment }: JobsProps,
): EcsEc2ContainerDefinition {
  const cpu = Math.floor(offer.vcpus / offer.cards)
  return new EcsEc2ContainerDefinition(scope, `${id}Container`, {
    image,
    cpu,
    memory: Size.mebibytes(Math.floor((offer.ramGiB / offer.cards) * 1024 * FOR_JOBS)),
    ...(card === 'cpu' ? {} : { gpu: 1 }),
    jobRole,
    executionRole: roles.execution,
    environment: {
      TRELLIS_JOB: kind,
      TRELLIS_CORES: cores,
      TRELLIS_VCPUS: String(cpu),
      AWS_REGION: Stack.of(scope).region,
      TRELLIS_STORE: `s3://${bucket.bucketName}`,
      ...processEnvironment(cpu),
      ...(spotEnvironment !== undefined && { TRELLIS_SPOT_ENVIRONMENT: spotEnvironment }),
    },
    linuxParameters: new LinuxParameters(scope, `${id}Linux`, {
      // The kernel keeps from process 1 each signal that it has no handler for: a job told to stop while it loads would go
      // on until it is killed. Behind an init process it ends at once, and is tried again.
      initProcessEnabled: true,
    }),
    logging: LogDriver.awsLogs({ logGroup, streamPrefix: kind }),
  })
}
