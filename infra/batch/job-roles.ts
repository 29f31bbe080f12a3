import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { pipelines } from '../../functions/index.ts'
import { accessTo } from '../access.ts'
import { explainWithoutResource, roleThatMay } from '../policies.ts'

const TASKS = 'ecs-tasks.amazonaws.com'

/** What jobs may do. That depends on no card, and a stack has room for 500 resources. */
export class JobRoles extends Construct {
  /** By pipeline, and by the name in its definition. */
  readonly ofPipelines: Readonly<Record<string, Readonly<Record<string, IRole>>>>
  /** Of whatever starts containers: it pulls their image and writes their log. */
  readonly execution: IRole

  constructor(scope: Construct, id: string, { bucket }: { readonly bucket: IBucket }) {
    super(scope, id)
    this.execution = new Role(this, 'Execution', { assumedBy: new ServicePrincipal(TASKS) })
    explainWithoutResource(this.execution, 'ecr:GetAuthorizationToken')
    const made = pipelines.all().map(([pipeline, { definition }]) => {
      const inner = new Construct(this, pipeline)
      const roles = Object.entries(definition.jobs).map(([name, job]) => {
        const description = `Trellis jobs ${pipeline} ${job.kind}`
        return [name, roleThatMay(inner, `${name}Role`, TASKS, accessTo(bucket, job), description)] as const
      })
      return [pipeline, Object.fromEntries(roles)] as const
    })
    this.ofPipelines = Object.fromEntries(made)
  }
}
