import { Stack, Validations } from 'aws-cdk-lib'
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js'
import type { Construct, IConstruct } from 'constructs'

/** One statement of a policy that allows. */
export interface Permission {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions?: { readonly StringEquals: Readonly<Record<string, string>> }
  /** Why a resource has a wildcard, where one has. */
  readonly wildcard?: string
}

/** The actions that AWS cannot limit to a resource: no others may stand beside `*`. */
export const WITHOUT_RESOURCE: Readonly<Record<string, string>> = {
  'batch:DescribeJobs': 'the right to describe jobs cannot be limited to some of them',
  'batch:ListJobs': 'the right to list jobs cannot be limited to some of them',
  'ec2:DescribeInstances': 'the right to describe instances cannot be limited to some of them',
  'ecr:GetAuthorizationToken': 'a token is for the whole registry; what may be pulled is said beside it',
  'logs:CreateLogDelivery':
    'Step Functions delivers logs only with these rights, which cannot be limited to a log group',
  'logs:GetLogDelivery': 'as above',
  'logs:UpdateLogDelivery': 'as above',
  'logs:DeleteLogDelivery': 'as above',
  'logs:ListLogDeliveries': 'as above',
  'logs:PutResourcePolicy': 'as above',
  'logs:DescribeResourcePolicies': 'as above',
  'logs:DescribeLogGroups': 'as above',
  'xray:PutTraceSegments': 'X-Ray has one place for traces',
  'xray:PutTelemetryRecords': 'as above',
  'xray:GetSamplingRules': 'as above',
  'xray:GetSamplingTargets': 'as above',
}

/** Of actions that stand above. */
export const everywhere = (...actions: readonly string[]): Permission => ({
  actions,
  resources: ['*'],
  wildcard: actions.map((action) => `${action}: ${WITHOUT_RESOURCE[action]}`).join('; '),
})

/**
 * A role by which a service may do all of that and nothing else: what CDK would add to it is left out. Its policy is part of it, as
 * one of its own is a resource, of which a stack has room for 500.
 */
export function roleThatMay(
  scope: Construct,
  id: string,
  service: string,
  permissions: readonly Permission[],
  description?: string,
): IRole {
  const statements = permissions.map(
    ({ actions, resources, conditions }) =>
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(conditions && { conditions }),
      }),
  )
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal(service),
    inlinePolicies: { Permissions: new PolicyDocument({ statements }) },
    ...(description !== undefined && { description }),
  })
  for (const { resources, wildcard } of permissions)
    if (wildcard !== undefined) for (const resource of resources) explainWildcard(role, resource, wildcard)
  return role.withoutPolicyUpdates()
}

/** Tells the checks why a resource with a wildcard stands in the policies of a role, or of all roles below a construct. */
export function explainWildcard(scope: IConstruct, resource: string, reason: string): void {
  const finding = flattenCfnReference(Stack.of(scope).resolve(resource))
  if (finding.includes('*'))
    Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason })
}

/** Of roles to which CDK gives actions without a resource. */
export const explainWithoutResource = (scope: IConstruct, ...actions: readonly string[]): void =>
  explainWildcard(scope, '*', everywhere(...actions).wildcard!)
