import { type CfnResource, Stack } from 'aws-cdk-lib'
import { CfnComputeEnvironment, CfnJobDefinition } from 'aws-cdk-lib/aws-batch'
import { CfnLaunchTemplate, CfnSubnet } from 'aws-cdk-lib/aws-ec2'
import { NagRuleCompliance } from 'cdk-nag'
import { z } from 'zod'
import { EXIT } from '../../nas/runs/job.ts'

/*
 * What cdk-nag has no rules for: Batch. A rule looks at one resource, in the form in which CloudFormation gets it; where a
 * property is a reference, it is the referenced resource that the rule is about.
 */

export interface Rule {
  readonly id: string
  readonly info: string
  readonly explanation: string
  readonly check: (node: CfnResource) => NagRuleCompliance
}

const { COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE } = NagRuleCompliance
const complies = (holds: boolean): NagRuleCompliance => (holds ? COMPLIANT : NON_COMPLIANT)

/** A property holds where it has the given form. */
const has = (node: CfnResource, property: unknown, form: z.ZodType): NagRuleCompliance =>
  complies(form.safeParse(Stack.of(node).resolve(property)).success)

const encryptedDisks = z
  .object({
    blockDeviceMappings: z.array(z.object({ ebs: z.object({ encrypted: z.literal(true) }) })).min(1),
  })
  .readonly()

const noPublicInterface = z
  .object({
    networkInterfaces: z
      .array(z.object({ associatePublicIpAddress: z.literal(false).optional() }))
      .optional(),
  })
  .readonly()

const endsPermanentFailures = z
  .object({
    evaluateOnExit: z.array(z.object({ action: z.string(), onExitCode: z.string().optional() })).min(1),
  })
  .refine(({ evaluateOnExit: [first] }) => {
    return first!.action.toUpperCase() === 'EXIT' && first!.onExitCode === String(EXIT.permanentFailure)
  })

export const BATCH_RULES: readonly Rule[] = [
  {
    id: 'LaunchTemplate',
    info: 'The compute environment has no launch template.',
    explanation: 'Without one, its instances have the disks of their image, which are not encrypted.',
    check: (node) =>
      node instanceof CfnComputeEnvironment
        ? has(node, node.computeResources, z.object({ launchTemplate: z.object({}) }))
        : NOT_APPLICABLE,
  },
  {
    id: 'EncryptedDisk',
    info: 'The launch template has a disk that is not encrypted, or leaves its disks to the image.',
    explanation: 'Weights, datasets and credentials of jobs lie on these disks.',
    check: (node) =>
      node instanceof CfnLaunchTemplate ? has(node, node.launchTemplateData, encryptedDisks) : NOT_APPLICABLE,
  },
  {
    id: 'NoPublicAddress',
    info: 'Instances get a public address.',
    explanation: 'Jobs talk to AWS only, through endpoints; nothing has to reach them.',
    check: (node) => {
      if (node instanceof CfnSubnet) return has(node, node.mapPublicIpOnLaunch, z.literal(false).optional())
      if (node instanceof CfnLaunchTemplate) return has(node, node.launchTemplateData, noPublicInterface)
      return NOT_APPLICABLE
    },
  },
  {
    id: 'EndsPermanentFailures',
    info: 'The retry strategy does not begin with EXIT for a permanent failure.',
    explanation: 'Where no rule matches, Batch retries: a permanent failure is paid for up to ten times.',
    check: (node) =>
      node instanceof CfnJobDefinition
        ? has(node, node.retryStrategy, endsPermanentFailures)
        : NOT_APPLICABLE,
  },
  {
    id: 'TimeOut',
    info: 'The job definition has no time-out.',
    explanation: 'A job that hangs costs money until a person ends it.',
    check: (node) =>
      node instanceof CfnJobDefinition
        ? has(node, node.timeout, z.object({ attemptDurationSeconds: z.int().positive() }))
        : NOT_APPLICABLE,
  },
]
