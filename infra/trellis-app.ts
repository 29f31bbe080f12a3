import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { BatchChecks } from './checks/batch-checks.ts'
import { limitsProof } from './limits/validation.ts'
import { TrellisStack, type TrellisStackProps } from './stack.ts'

/** Behaviour of CDK that is off by default only for the sake of older apps. */
export const FEATURES = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-ec2:uniqueImdsv2TemplateName': true,
  '@aws-cdk/core:validateAgainstDefaultRules': true,
} as const

/** The app of one deployment. Its synthesis fails where a check does. */
export function trellisApp(props: TrellisStackProps, outdir?: string): App {
  const app = new App({ ...(outdir !== undefined && { outdir }), context: FEATURES })
  new TrellisStack(app, props)
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new BatchChecks(app),
    limitsProof(props.deployment.search),
  )
  return app
}
