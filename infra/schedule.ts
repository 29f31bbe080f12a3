import { TimeZone } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import type { Card } from '../nas/runs/prices.ts'
import type { Deployment } from './config.ts'

export interface SchedulesProps extends Pick<Deployment, 'schedules' | 'cards' | 'name'> {
  readonly editions: ReadonlyMap<Card, StateMachine>
}

/** Has rankings re-made at set times. Those of the configuration are made here; `trellis schedule` adds others to the group. */
export class Schedules extends Construct {
  readonly group: ScheduleGroup
  /** What the scheduler may do: start new editions of rankings. */
  readonly role: Role

  constructor(scope: Construct, id: string, { schedules, cards, name, editions }: SchedulesProps) {
    super(scope, id)
    this.group = new ScheduleGroup(this, 'Group', { scheduleGroupName: name })
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') })
    for (const machine of editions.values()) machine.grantStartExecution(this.role)
    for (const { run, cron, timeZone, card = cards[0]!, concurrency, usd } of schedules) {
      new Schedule(this, `Rerank-${run}`, {
        scheduleGroup: this.group,
        description: `Trellis: re-rank the leaderboard of ${run}`,
        schedule: ScheduleExpression.expression(`cron(${cron})`, TimeZone.of(timeZone)),
        target: new StepFunctionsStartExecution(editions.get(card)!, {
          role: this.role,
          input: ScheduleTargetInput.fromObject({ run, concurrency, ...(usd !== undefined && { usd }) }),
        }),
      })
    }
  }
}
