import { RemovalPolicy, TimeZone } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import type { Card } from '../nas/runs/prices.ts'
import type { Deployment } from './config.ts'
import { revisedBy } from './revisions.ts'

export interface SchedulesProps extends Pick<Deployment, 'schedules' | 'name'> {
  /** The first is that of schedules which name no card. */
  readonly profiles: readonly {
    readonly card: Card
    /** By pipeline, and by the name in its definition. */
    readonly machines: Readonly<Record<string, Readonly<Record<string, StateMachine>>>>
  }[]
}

/** Has rankings revised at set times. The schedules of the configuration are made here; `trellis schedule` adds others to the group. */
export class Schedules extends Construct {
  readonly group: ScheduleGroup
  /** What the scheduler may do: start the machines that revise rankings. */
  readonly role: Role

  constructor(scope: Construct, id: string, { schedules, name, profiles }: SchedulesProps) {
    super(scope, id)
    // It goes with the deployment, and its schedules with it: they would fire on, and their group keep its name from the next one.
    this.group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: name,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') })
    for (const { machines } of profiles)
      for (const { Revision } of Object.values(machines)) Revision?.grantStartExecution(this.role)
    for (const schedule of schedules) {
      const { run, cron, timeZone, card = profiles[0]!.card, concurrency, usd } = schedule
      const { machines } = profiles.find((each) => each.card === card)!
      new Schedule(this, `Rerank-${run}`, {
        scheduleGroup: this.group,
        description: `Trellis: re-rank the leaderboard of ${run}`,
        schedule: ScheduleExpression.expression(`cron(${cron})`, TimeZone.of(timeZone)),
        target: new StepFunctionsStartExecution(machines[revisedBy(schedule)!]!.Revision!, {
          role: this.role,
          input: ScheduleTargetInput.fromObject({ run, concurrency, ...(usd !== undefined && { usd }) }),
        }),
      })
    }
  }
}
