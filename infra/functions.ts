import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function as Lambda, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { TrellisError } from '../nas/errors.ts'
import { type FunctionName, functions } from '../pipelines/names.ts'
import { FUNCTION_ACCESS, grantAccess } from './access.ts'
import { explainWithoutResource } from './policies.ts'

/** The namespace of the metrics that functions write. */
export const METRICS = 'Trellis'

export interface FunctionsProps {
  readonly bucket: IBucket
  /** Folder with a bundle for each function, by its name in kebab case: see scripts/bundle-functions.mjs. */
  readonly code: string
  /** Begins the physical names. */
  readonly name: string
  readonly logDays: RetentionDays
}

/** The Lambda functions that pipelines call. */
export class Functions extends Construct {
  readonly byName: Readonly<Record<FunctionName, Lambda>>

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id)
    const made = functions.map((name) => {
      const lambda = lambdaOf(this, name, {
        ...props,
        environment: { TRELLIS_STORE: `s3://${props.bucket.bucketName}` },
      })
      grantAccess(props.bucket, lambda.role!, FUNCTION_ACCESS[name])
      return [name, lambda] as const
    })
    this.byName = Object.fromEntries(made) as Record<FunctionName, Lambda>
  }
}

/** A function that may write its log and its traces, and nothing else. */
export function lambdaOf(
  scope: Construct,
  name: string,
  props: Omit<FunctionsProps, 'bucket'> & { readonly environment?: Readonly<Record<string, string>> },
): Lambda {
  const physicalName = `${props.name}-${kebab(name)}`
  const logGroup = new LogGroup(scope, `${name}Log`, {
    logGroupName: `/aws/lambda/${physicalName}`,
    retention: props.logDays,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const role = new Role(scope, `${name}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  logGroup.grantWrite(role)
  explainWithoutResource(role, 'xray:PutTraceSegments', 'xray:PutTelemetryRecords')
  return new Lambda(scope, name, {
    functionName: physicalName,
    code: Code.fromAsset(bundleOf(props.code, kebab(name))),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    // A whole core: what takes long is to parse the results of thousands of trials.
    memorySize: 1769,
    timeout: Duration.minutes(15),
    tracing: Tracing.ACTIVE,
    role,
    logGroup,
    environment: {
      ...props.environment,
      POWERTOOLS_SERVICE_NAME: props.name,
      POWERTOOLS_METRICS_NAMESPACE: METRICS,
    },
  })
}

function bundleOf(folder: string, name: string): string {
  const bundle = join(folder, name)
  if (existsSync(join(bundle, 'index.mjs'))) return bundle
  throw new TrellisError('not-found', `function ${name} is not in ${folder}`, { fix: 'npm run build' })
}

const kebab = (name: string): string => name.replaceAll(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()
