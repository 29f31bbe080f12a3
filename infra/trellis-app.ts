import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { BatchChecks } from './checks/batch-checks.ts'
import { limitsProof } from './limits/validation.ts'
import { TrellisStack, type TrellisStackProps } from './stack.ts'

/** Behaviour of CDK that is off by default only for the sake of older apps. */
const FEATURES = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-ec2:uniqueImdsv2TemplateName': true,
  '@aws-cdk/core:validateAgainstDefaultRules': true,
} as const

/** @param outdir of the synthesis; as `cdk` says, unless given */
export const createApp = (outdir?: string): App =>
  new App({ ...(outdir !== undefined && { outdir }), context: FEATURES })

/** Adds a deployment to an app, and the checks that fail its synthesis. */
export function addTrellis(app: App, props: TrellisStackProps): TrellisStack {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new BatchChecks(app),
    limitsProof(props.deployment.search),
  )
  return new TrellisStack(app, props)
}
