import { Duration } from 'aws-cdk-lib'
import { Dashboard, GraphWidget, type IMetric, MathExpression, Row } from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { UNITS } from '../../functions/aws/figures.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import { METRICS } from '../functions.ts'
import { jobsIn } from './queue-depth.ts'
import type { Watched } from './watched.ts'

/** One page: what searches find, what fails, what waits, what it costs. */
export class Overview extends Construct {
  readonly dashboard: Dashboard

  constructor(scope: Construct, id: string, { name, functions, batches, machines }: Watched) {
    super(scope, id)
    const jobs = (metric: 'WaitingJobs' | 'RunningJobs') =>
      batches.flatMap(({ card, queues }) =>
        queues.map((queue, i) =>
          jobsIn(name, queue, metric).with({ label: i === 0 ? card : `${card}, on demand` }),
        ),
      )
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.days(3),
      widgets: [
        [
          new Row(
            graph('Trials by run', [ofRuns(name, 'Trials')]),
            graph(`Best score by run (${scores()})`, [ofRuns(name, 'BestScore')]),
          ),
        ],
        [
          new Row(
            graph('Failed trials by run', [ofRuns(name, 'FailedTrials')]),
            graph('Failures', [
              ...machines.map(({ card, name, machine }) =>
                machine.metricFailed({ label: `${name} on ${card}` }),
              ),
              functions.shared.RecordFailure.metricInvocations({ label: 'jobs' }),
            ]),
          ),
        ],
        [new Row(graph('Jobs waiting', jobs('WaitingJobs')), graph('Jobs running', jobs('RunningJobs')))],
        [
          new Row(
            graph('Dollars spent by run, by the ledger', [ofRuns(name, 'SpentUsd')]),
            graph('Attempts that lost their host, by run', [ofRuns(name, 'InterruptedAttempts')]),
          ),
        ],
      ],
    })
  }
}

/** What a score is, by pipeline. */
const scores = (): string =>
  contracts
    .all()
    .map(([pipeline, { task }]) => `${pipeline}: ${task.score}`)
    .join('; ')

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, width: 12, leftYAxis: { min: 0 } })

/** A line for each run, those included that start after the dashboard was made. */
const ofRuns = (service: string, metric: keyof typeof UNITS): IMetric =>
  new MathExpression({
    expression: `SEARCH('{${METRICS},run,service} service="${service}" MetricName="${metric}"', 'Maximum')`,
    label: '',
    usingMetrics: {},
    period: Duration.minutes(5),
  })
