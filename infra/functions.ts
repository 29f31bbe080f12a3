import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Duration } from 'aws-cdk-lib'
import { Architecture, Code, Function as Lambda, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { pipelines } from '../functions/index.ts'
import { TrellisError } from '../nas/errors.ts'
import type { FunctionDefinition } from '../pipelines/pipeline.ts'
import { type SharedFunction, sharedFunctions } from '../pipelines/shared.ts'
import { accessTo } from './access.ts'
import { kebab } from './names.ts'
import { everywhere, type Permission, roleThatMay } from './policies.ts'

/** The namespace of the metrics that functions write. */
export const METRICS = 'Trellis'

export interface FunctionsProps {
  readonly bucket: IBucket
  /** Folder with a bundle for each program: see scripts/bundle-functions.mjs. */
  readonly code: string
  /** Begins the physical names. */
  readonly name: string
  /** Of all functions: a stream of it is named after the function that writes it. */
  readonly logGroup: ILogGroup
}

type ByName<N extends string = string> = Readonly<Record<N, Lambda>>

/** The Lambda functions that state machines call: one program, whose environment says which function it is. */
export class Functions extends Construct {
  /** Of all pipelines, by name. */
  readonly shared: ByName<SharedFunction>
  /** By pipeline and name. */
  readonly ofPipelines: Readonly<Record<string, ByName>>

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id)
    this.shared = functionsOf(this, sharedFunctions, props) as ByName<SharedFunction>
    this.ofPipelines = Object.fromEntries(
      pipelines
        .all()
        .map(([pipeline, { definition }]) => [
          pipeline,
          functionsOf(new Construct(this, pipeline), definition.functions, props, pipeline),
        ]),
    )
  }
}

function functionsOf(
  scope: Construct,
  definitions: Readonly<Record<string, FunctionDefinition>>,
  { bucket, name: deployment, ...props }: FunctionsProps,
  pipeline?: string,
): ByName {
  const made = Object.entries(definitions).map(([name, access]) => {
    const path = pipeline === undefined ? [name] : [pipeline, name]
    const lambda = lambdaOf(scope, name, {
      ...props,
      service: deployment,
      name: [deployment, ...path].map(kebab).join('-'),
      program: 'handler',
      environment: { TRELLIS_STORE: `s3://${bucket.bucketName}`, TRELLIS_FUNCTION: path.join('/') },
      permissions: accessTo(bucket, access),
    })
    return [name, lambda] as const
  })
  return Object.fromEntries(made)
}

export interface LambdaProps extends Pick<FunctionsProps, 'code' | 'logGroup'> {
  /** Physical. */
  readonly name: string
  /** The folder below `code`. */
  readonly program: string
  /** What its metrics and its log name as their source. */
  readonly service: string
  readonly environment?: Readonly<Record<string, string>>
  readonly permissions: readonly Permission[]
}

/** A function that may do that, and write its log and its traces. */
export function lambdaOf(scope: Construct, id: string, props: LambdaProps): Lambda {
  const { name, code, program, service, logGroup, environment, permissions } = props
  const role = roleThatMay(scope, `${id}Role`, 'lambda.amazonaws.com', [
    ...permissions,
    { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] },
    everywhere('xray:PutTraceSegments', 'xray:PutTelemetryRecords'),
  ])
  return new Lambda(scope, id, {
    functionName: name,
    code: Code.fromAsset(bundleOf(code, program)),
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
      ...environment,
      POWERTOOLS_SERVICE_NAME: service,
      POWERTOOLS_METRICS_NAMESPACE: METRICS,
    },
  })
}

function bundleOf(folder: string, program: string): string {
  const bundle = join(folder, program)
  if (existsSync(join(bundle, 'index.mjs'))) return bundle
  throw new TrellisError('not-found', `program ${program} is not in ${folder}`, { fix: 'npm run build' })
}
