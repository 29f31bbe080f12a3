import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { allow, explainWithoutResource } from '../policies.ts'
import type { Names } from './names.ts'
import { type OnAws, onAws } from './on-aws.ts'
import { permissionsOf } from './permissions.ts'
import { PIPELINES, type Pipeline } from './pipelines.ts'

export interface MachinesProps extends Pick<OnAws, 'onDemandAfter'> {
  /** Begins the physical names. */
  readonly name: string
  readonly names: Names
  readonly logDays: RetentionDays
}

/** The state machines of one kind of card. */
export class Machines extends Construct {
  readonly machines: Readonly<Record<Pipeline, StateMachine>>

  constructor(scope: Construct, id: string, props: MachinesProps) {
    super(scope, id)
    this.machines = {
      dpc: this.machine('dpc', props),
      densenas: this.machine('densenas', props),
      rerank: this.machine('rerank', props),
      edition: this.machine('edition', props),
    }
  }

  private machine(pipeline: Pipeline, { name, names, onDemandAfter, logDays }: MachinesProps): StateMachine {
    const { partition, region, account } = Stack.of(this)
    const stateMachineName = machineName(name, pipeline)
    const rerankArn = `arn:${partition}:states:${region}:${account}:stateMachine:${machineName(name, 'rerank')}`
    const known: Names = { ...names, Rerank: { value: rerankArn, arn: rerankArn } }
    const definition = onAws(PIPELINES[pipeline], { machine: stateMachineName, onDemandAfter })
    const text = JSON.stringify(definition)

    const machine = new StateMachine(this, pipeline, {
      stateMachineName,
      definitionBody: DefinitionBody.fromString(text),
      definitionSubstitutions: Object.fromEntries(
        Object.entries(known)
          .filter(([each]) => text.includes(`\${${each}}`))
          .map(([each, { value }]) => [each, value]),
      ),
      tracingEnabled: true,
      logs: {
        // Under this prefix, log groups do not use up the policy by which services may write logs.
        destination: new LogGroup(this, `${pipeline}Logs`, {
          logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
          retention: logDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    })
    const arns = Object.fromEntries(Object.entries(known).map(([each, { arn }]) => [each, arn]))
    const place = { partition, region, account, machine: stateMachineName, arns }
    for (const permission of permissionsOf(definition, place)) allow(machine.role, permission)
    explainWithoutResource(machine, 'batch:DescribeJobs', 'logs:CreateLogDelivery', 'xray:PutTraceSegments')
    return machine
  }
}

const machineName = (name: string, pipeline: Pipeline) => `${name}-${pipeline}`
