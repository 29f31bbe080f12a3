import { Action, Reason, RetryStrategy } from 'aws-cdk-lib/aws-batch'
import { EXIT } from '../../nas/runs/job.ts'

/** The most that Batch allows. */
export const MAX_ATTEMPTS = 10

/**
 * Which ends of an attempt are worth another, first match first: none that a retry repeats, and any other, as that of a host that
 * was reclaimed, of an image that could not be pulled or a container that could not be started, and of a Docker that timed out.
 * Jobs themselves record a trial that kills them as failed. Batch has five rules at most, and retries where none matches.
 */
export const RULES = [
  { Action: Action.EXIT, OnExitCode: String(EXIT.permanentFailure) },
  { Action: Action.RETRY, OnExitCode: '*' },
  { Action: Action.RETRY, OnStatusReason: 'Host EC2*' },
  { Action: Action.RETRY, OnReason: 'Cannot*' },
  { Action: Action.RETRY, OnReason: 'Docker*' },
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
