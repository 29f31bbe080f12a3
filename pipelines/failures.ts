import type { Catcher, Retrier } from './asl.ts'

/* What a Task tries again, and how a failure is told. */

/** With full jitter, so that thousands of children do not come back at the same moment. */
const backOff = {
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: 8,
  JitterStrategy: 'FULL',
} as const

export const transientLambda: Retrier = {
  ErrorEquals: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.TooManyRequestsException',
    // Killed, out of memory or out of time.
    'Lambda.Unknown',
    'Sandbox.Timedout',
    'Runtime.ExitError',
    'Runtime.OutOfMemory',
    'States.Timeout',
  ],
  ...backOff,
}

/** All that a submit can end with but a job that ran: then there was none. */
export const refusedByBatch = [
  'Batch.AWSBatchException',
  'Batch.ClientException',
  'Batch.ServerException',
  'Batch.SdkClientException',
  'Batch.TooManyRequestsException',
]

/** Submitting is throttled at about 50 a second. A job that failed is States.TaskFailed, which Batch has retried. */
export const transientBatch: Retrier = { ErrorEquals: refusedByBatch, ...backOff }

/**
 * Submits a shard again whose job has used up its attempts: ten are not enough for trials that all kill their job four times
 * before they are given up, or for one that does among many spot interruptions.
 */
export const usedUp: Retrier = { ErrorEquals: ['States.TaskFailed'], ...backOff, MaxAttempts: 2 }

export const transientStates: Retrier = {
  ErrorEquals: ['StepFunctions.AWSStepFunctionsException', 'StepFunctions.SdkClientException'],
  ...backOff,
}

/**
 * What went wrong, as one line, of whatever a Task reports: the message of a function, the reasons of a job and where its last
 * attempt has written its own, the cause of an execution. Read by pattern and not with $parse, which fails where AWS has cut a long cause short. A group that is
 * repeated, as in (a|b)+, takes a frame of the stack a character in engines such as Java's: here none is.
 */
export const reason = String.raw`(
  $cause := $exists($states.errorOutput.Cause) ? $string($states.errorOutput.Cause) : "";
  $found := $match($cause, /"(errorMessage|Reason|StatusReason|Cause)":"([^\\"]|[^"].*?[^\\\n])"/);
  $lines := $distinct($found.(groups[1]));
  $text := $exists($lines) ? $join($lines, "; ") : $cause;
  $said := $text != "" ? $replace($text, /\\+"/, "\"") : $states.errorOutput.Error;
  $never := $exists($states.errorOutput.Error) and $contains($states.errorOutput.Error, /^Batch\./);
  $streams := $match($cause, /"LogStreamName":"([^"]+)"/).(groups[0]);
  $log := $exists($streams) ? " (log stream " & $streams[-1] & ")" : "";
  $exists($said) ? $substring(($never ? "Batch has taken no job, and none of this one has run; resume the run once it does: " : "") & $said, 0, 1000 - $length($log)) & $log : "AWS does not say why"
)`.replaceAll(/\n\s*/g, ' ')

/** Catches everything that can be caught and hands `{run, error}` to a state that ends the execution. */
export const orElse = (next: string): readonly Catcher[] => [
  {
    ErrorEquals: ['States.ALL'],
    Output: { run: '{% $run %}', error: `{% ${reason} %}` },
    Next: next,
  },
]
