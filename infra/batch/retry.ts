import { Action, Reason, RetryStrategy } from 'aws-cdk-lib/aws-batch'
import { EXIT } from '../../nas/runs/job.ts'

/** The most that Batch allows. */
export const MAX_ATTEMPTS = 10

/**
 * Which ends of an attempt are worth another, first match first: a host that was reclaimed, an image that could not be
 * pulled just now, and every exit status but that of a permanent failure. Jobs themselves record a trial that kills them as
 * failed. The last rule is needed: where none matches, Batch retries.
 */
export const RULES = [
  { Action: Action.RETRY, OnStatusReason: 'Host EC2*' },
  { Action: Action.RETRY, OnReason: 'CannotPullContainerError*' },
  { Action: Action.EXIT, OnExitCode: String(EXIT.permanentFailure) },
  { Action: Action.RETRY, OnExitCode: '*' },
  { Action: Action.EXIT, OnReason: '*' },
] as const

export const retryStrategies = (): RetryStrategy[] =>
  RULES.map(({ Action: action, ...on }) =>
    RetryStrategy.of(
      action,
      Reason.custom({
        ...('OnStatusReason' in on && { onStatusReason: on.OnStatusReason }),
        ...('OnReason' in on && { onReason: on.OnReason }),
        ...('OnExitCode' in on && { onExitCode: on.OnExitCode }),
      }),
    ),
  )
