import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Stack, Stage } from 'aws-cdk-lib'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { pipelines } from '../../functions/index.ts'
import type { StateMachine as Definition } from '../../pipelines/asl.ts'
import { everywhere, roleThatMay } from '../policies.ts'
import { type Deployed, machineName, type Names, namesOf } from './names.ts'
import { MACHINE_NAME, type OnAws, onAws } from './on-aws.ts'
import { permissionsOf } from './permissions.ts'

export interface MachinesProps extends Deployed, Pick<OnAws, 'onDemandAfter'> {
  /** Of all executions of all machines. */
  readonly executionLog: ILogGroup
}

/** What a machine needs whatever its definition. */
const LOGS_AND_TRACES = everywhere(
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
)

/** The state machines of all pipelines, on one kind of card. */
export class Machines extends Construct {
  /** By pipeline, and by the name in its definition. */
  readonly ofPipelines: Readonly<Record<string, Readonly<Record<string, StateMachine>>>>

  constructor(scope: Construct, id: string, props: MachinesProps) {
    super(scope, id)
    const made = pipelines.all().map(([pipeline, { definition }]) => {
      const names = namesOf(definition, props)
      const machines = Object.entries(definition.machines).map(
        ([machine, each]) =>
          [machine, this.machine(machineName(pipeline, machine), each, names, props)] as const,
      )
      return [pipeline, Object.fromEntries(machines)] as const
    })
    this.ofPipelines = Object.fromEntries(made)
  }

  private machine(
    id: string,
    machine: Definition,
    names: Names,
    { name, onDemandAfter, executionLog }: MachinesProps,
  ): StateMachine {
    const stateMachineName = `${name}-${id}`
    const definition = onAws(machine, { onDemandAfter })
    const text = JSON.stringify(definition)
    const { partition, region, account } = Stack.of(this)
    const arns = Object.fromEntries(Object.entries(names).map(([each, { arn }]) => [each, arn]))
    const place = { partition, region, account, machine: stateMachineName, arns }
    const values = Object.entries(names).map(([each, { value }]) => [each, value] as const)
    return new StateMachine(this, id, {
      stateMachineName,
      definitionBody: DefinitionBody.fromFile(this.file(id, text)),
      definitionSubstitutions: Object.fromEntries(
        [...values, [MACHINE_NAME, stateMachineName] as const].filter(([each]) =>
          text.includes(`\${${each}}`),
        ),
      ),
      role: roleThatMay(this, `${id}Role`, 'states.amazonaws.com', [
        ...permissionsOf(definition, place),
        LOGS_AND_TRACES,
      ]),
      tracingEnabled: true,
      logs: {
        destination: executionLog,
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    })
  }

  /** Definitions are deployed as files: all of them together are larger than a template may be. */
  private file(id: string, text: string): string {
    const folder = join(Stage.of(this)!.outdir, 'definitions')
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `${this.node.id}-${id}.json`)
    writeFileSync(file, text)
    return file
  }
}
