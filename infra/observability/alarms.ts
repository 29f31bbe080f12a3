import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { StateMachine } from '../../pipelines/asl.ts'
import { type FunctionName, functions as functionNames, placeholder } from '../../pipelines/names.ts'
import { PIPELINES } from '../machines/pipelines.ts'
import { jobsIn } from './queue-depth.ts'
import type { Watched } from './watched.ts'

interface Rule {
  /** The name of its section in docs/runbook.md, too. */
  readonly name: string
  readonly says: string
  readonly metric: IMetric
  readonly threshold: number
  /** Periods of the metric in a row. */
  readonly periods?: number
}

const HOUR = Duration.hours(1)

/** One alarm for everything that a person has to act on; docs/runbook.md says how. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, watched: Watched & { readonly topic: ITopic }) {
    super(scope, id)
    for (const { name, says, metric, threshold, periods = 1 } of rulesOf(watched)) {
      new Alarm(this, name, {
        alarmName: `${watched.name}-${name}`,
        alarmDescription: `${says} What to do: docs/runbook.md#${name.replace(/-of-.*$/, '')}`,
        metric,
        threshold,
        evaluationPeriods: periods,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // Nothing is counted while nothing runs.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }).addAlarmAction(new SnsAction(watched.topic))
    }
  }
}

function rulesOf({ name, functions, batches, machines }: Watched): readonly Rule[] {
  return [
    ...batches.map(({ card }) => ({
      name: `search-failed-of-${card}`,
      says: `A search or a re-ranking on ${card} has failed or timed out.`,
      metric: sum(
        machines
          .filter((each) => each.card === card)
          .flatMap(({ machine }) => [
            machine.metricFailed({ period: HOUR }),
            machine.metricTimedOut({ period: HOUR }),
          ]),
      ),
      threshold: 1,
    })),
    // One for each machine: an alarm takes no more than ten metrics.
    ...Object.entries(PIPELINES).map(([pipeline, definition]) => ({
      name: `function-errors-of-${pipeline}`,
      says: `Functions of ${pipeline} fail again and again.`,
      metric: sum(functionsIn(definition).map((each) => functions[each].metricErrors({ period: HOUR }))),
      threshold: 5,
    })),
    {
      // It is called for these only.
      name: 'jobs-failing',
      says: 'Jobs fail for good.',
      metric: functions.RecordFailure.metricInvocations({ period: HOUR }),
      threshold: 5,
    },
    ...batches.map(({ card, queue }) => ({
      name: `jobs-waiting-of-${card}`,
      says: `Jobs wait for an instance with ${card}, and none runs.`,
      metric: new MathExpression({
        expression: 'IF(running == 0, waiting, 0)',
        usingMetrics: {
          running: jobsIn(name, queue, 'RunningJobs'),
          waiting: jobsIn(name, queue, 'WaitingJobs'),
        },
        period: Duration.minutes(5),
      }),
      threshold: 1,
      periods: 6,
    })),
  ]
}

/** The functions that a machine calls. */
function functionsIn(definition: StateMachine): readonly FunctionName[] {
  const text = JSON.stringify(definition)
  return functionNames.filter((name) => text.includes(placeholder(name)))
}

const sum = (metrics: readonly IMetric[]): IMetric =>
  new MathExpression({
    expression: metrics.map((_, i) => `FILL(m${i}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, i) => [`m${i}`, metric])),
    period: HOUR,
  })
