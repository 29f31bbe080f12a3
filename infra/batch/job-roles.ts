import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { pipelines } from '../../functions/index.ts'
import { grantAccess } from '../access.ts'
import { explainWithoutResource } from '../policies.ts'

const TASKS = new ServicePrincipal('ecs-tasks.amazonaws.com')

/** What jobs may do. That depends on no card, and a stack has room for 500 resources. */
export class JobRoles extends Construct {
  /** By pipeline, and by the name in its definition. */
  readonly ofPipelines: Readonly<Record<string, Readonly<Record<string, IRole>>>>
  /** Of whatever starts containers: it pulls their image and writes their log. */
  readonly execution: IRole

  constructor(scope: Construct, id: string, { bucket }: { readonly bucket: IBucket }) {
    super(scope, id)
    this.execution = new Role(this, 'Execution', { assumedBy: TASKS })
    explainWithoutResource(this.execution, 'ecr:GetAuthorizationToken')
    const made = pipelines.all().map(([pipeline, { definition }]) => {
      const inner = new Construct(this, pipeline)
      const roles = Object.entries(definition.jobs).map(([name, job]) => {
        const description = `Trellis jobs ${pipeline} ${job.kind}`
        const role = new Role(inner, `${name}Role`, { assumedBy: TASKS, description })
        grantAccess(bucket, role, job)
        return [name, role] as const
      })
      return [pipeline, Object.fromEntries(roles)] as const
    })
    this.ofPipelines = Object.fromEntries(made)
  }
}
