import { Stack } from 'aws-cdk-lib'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import { pipelines } from '../../functions/index.ts'
import type { StateMachine as Definition } from '../../pipelines/asl.ts'
import { allow, explainWithoutResource } from '../policies.ts'
import { type Deployed, machineName, type Names, namesOf } from './names.ts'
import { type OnAws, onAws } from './on-aws.ts'
import { permissionsOf } from './permissions.ts'

export interface MachinesProps extends Deployed, Pick<OnAws, 'onDemandAfter'> {
  /** Of all executions of all machines. */
  readonly executionLog: ILogGroup
}

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
    const definition = onAws(machine, { machine: stateMachineName, onDemandAfter })
    const text = JSON.stringify(definition)
    const made = new StateMachine(this, id, {
      stateMachineName,
      definitionBody: DefinitionBody.fromString(text),
      definitionSubstitutions: Object.fromEntries(
        Object.entries(names)
          .filter(([each]) => text.includes(`\${${each}}`))
          .map(([each, { value }]) => [each, value]),
      ),
      tracingEnabled: true,
      logs: {
        destination: executionLog,
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    })
    const { partition, region, account } = Stack.of(this)
    const arns = Object.fromEntries(Object.entries(names).map(([each, { arn }]) => [each, arn]))
    const place = { partition, region, account, machine: stateMachineName, arns }
    for (const permission of permissionsOf(definition, place)) allow(made.role, permission)
    explainWithoutResource(made, 'batch:DescribeJobs', 'logs:CreateLogDelivery', 'xray:PutTraceSegments')
    return made
  }
}
