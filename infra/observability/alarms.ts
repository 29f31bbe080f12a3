import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { EventField, Rule as EventRule, RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { pipelines } from '../../functions/index.ts'
import type { StateMachine } from '../../pipelines/asl.ts'
import { placeholder } from '../../pipelines/shared.ts'
import { machineName } from '../machines/names.ts'
import { idleInstancesWith, jobsIn } from './queue-depth.ts'
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
/** As often as queues are looked at. */
const FIVE_MINUTES = Duration.minutes(5)

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
    tellOfBlocked(this, watched)
  }
}

/** Batch says itself when the job at the head of a queue cannot start, and why. */
function tellOfBlocked(scope: Construct, { batches, topic }: Watched & { readonly topic: ITopic }): void {
  const [job, queue, why] = ['jobId', 'jobQueue', 'statusReason'].map((field) =>
    EventField.fromPath(`$.detail.${field}`),
  )
  new EventRule(scope, 'blocked', {
    description: 'Trellis: a job cannot start',
    eventPattern: {
      source: ['aws.batch'],
      detailType: ['Batch Job Queue Blocked'],
      detail: { jobQueue: batches.flatMap(({ queues }) => queues.map(({ jobQueueArn }) => jobQueueArn)) },
    },
    targets: [
      new SnsTopic(topic, {
        message: RuleTargetInput.fromText(
          `Job ${job} cannot start in ${queue}: ${why}. What to do: docs/runbook.md#jobs-waiting`,
        ),
      }),
    ],
  })
}

const rulesOf = (watched: Watched): readonly Rule[] => [
  ...failedSearches(watched),
  ...failingFunctions(watched),
  {
    // It is called for these only.
    name: 'jobs-failing',
    says: 'A job has failed for good, and its run has stopped.',
    metric: watched.functions.shared.RecordFailure.metricInvocations({ period: HOUR }),
    threshold: 1,
  },
  ...waitingJobs(watched),
  ...idleMachines(watched),
]

const failedSearches = ({ batches, machines }: Watched): readonly Rule[] =>
  batches.flatMap(({ card }) => {
    const ofCard = machines.filter((each) => each.card === card)
    const failures = ofCard.flatMap(({ machine }) => [
      machine.metricFailed({ period: HOUR }),
      machine.metricTimedOut({ period: HOUR }),
    ])
    return sums(failures).map(([suffix, metric]) => ({
      name: `search-failed-of-${card}${suffix}`,
      says: `A search or a re-ranking on ${card} has failed or timed out.`,
      metric,
      threshold: 1,
    }))
  })

/** One for each machine. */
const failingFunctions = ({ functions }: Watched): readonly Rule[] =>
  pipelines.all().flatMap(([pipeline, { definition }]) =>
    Object.entries(definition.machines).flatMap(([name, machine]) => {
      const called = calledBy(machine, { ...functions.shared, ...functions.ofPipelines[pipeline] })
      const of = machineName(pipeline, name)
      return sums(called.map((each) => each.metricErrors({ period: HOUR }))).map(([suffix, metric]) => ({
        name: `function-errors-of-${of}${suffix}`,
        says: `Functions of ${of} fail again and again.`,
        metric,
        threshold: 5,
      }))
    }),
  )

function calledBy(machine: StateMachine, functions: Readonly<Record<string, Lambda>>): readonly Lambda[] {
  const text = JSON.stringify(machine)
  return Object.entries(functions).flatMap(([name, each]) => (text.includes(placeholder(name)) ? [each] : []))
}

/** In any queue of a card. */
const waitingJobs = ({ name, batches }: Watched): readonly Rule[] =>
  batches.map(({ card, queues }) => ({
    name: `jobs-waiting-of-${card}`,
    says: `Jobs wait for an instance with ${card}, and none runs.`,
    metric: new MathExpression({
      expression: queues.map((_, i) => `IF(FILL(running${i}, 0) == 0, FILL(waiting${i}, 0), 0)`).join(' + '),
      usingMetrics: Object.fromEntries(
        queues.flatMap((queue, i) => [
          [`running${i}`, jobsIn(name, queue, 'RunningJobs')],
          [`waiting${i}`, jobsIn(name, queue, 'WaitingJobs')],
        ]),
      ),
      period: FIVE_MINUTES,
    }),
    threshold: 1,
    periods: 6,
  }))

/** As Batch gives instances back within minutes after their last job, whatever keeps them costs money for nothing. */
const idleMachines = ({ name, batches }: Watched): readonly Rule[] =>
  sums(
    batches.map(({ card }) => idleInstancesWith(name, card)),
    FIVE_MINUTES,
  ).map(([suffix, metric]) => ({
    name: `machines-idle${suffix}`,
    says: 'Instances run, and no job does on any with their card.',
    metric,
    threshold: 1,
    periods: 6,
  }))

/** An alarm takes no more metrics. */
const MOST_METRICS = 10

/** The sum of metrics, in as many parts as there must be alarms, each with what its name ends with. */
function sums(
  metrics: readonly IMetric[],
  period = HOUR,
): readonly (readonly [suffix: string, sum: IMetric])[] {
  const parts = Array.from({ length: Math.ceil(metrics.length / MOST_METRICS) }, (_, i) =>
    metrics.slice(i * MOST_METRICS, (i + 1) * MOST_METRICS),
  )
  return parts.map((part, i) => [i === 0 ? '' : `-${i + 1}`, sum(part, period)])
}

const sum = (metrics: readonly IMetric[], period: Duration): IMetric =>
  new MathExpression({
    expression: metrics.map((_, i) => `FILL(m${i}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, i) => [`m${i}`, metric])),
    period,
  })
