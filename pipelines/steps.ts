import type { Catcher, FailState, JsonObject, MapState, PassState, Retrier, TaskState } from './asl.ts'
import { type FunctionName, type JobName, type MachineName, placeholder } from './names.ts'

type Then = { readonly Next: string } | { readonly End: true }
type Handling = Pick<TaskState, 'Output' | 'Catch' | 'Retry'>

const minutes = 60
const days = 24 * 60 * minutes

/** With full jitter, so that thousands of children do not come back at the same moment. */
const backOff = {
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: 8,
  JitterStrategy: 'FULL',
} as const

const transientLambda: Retrier = {
  ErrorEquals: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.TooManyRequestsException',
    // Killed, out of memory or out of time.
    'Lambda.Unknown',
    'States.Timeout',
  ],
  ...backOff,
}

const refusedByBatch = ['Batch.AWSBatchException', 'Batch.ServerException', 'Batch.SdkClientException']

/** Submitting is throttled at about 50 a second. A job that failed is States.TaskFailed, which Batch has retried. */
const transientBatch: Retrier = { ErrorEquals: refusedByBatch, ...backOff }

/**
 * Submits a shard once more whose job has used up its attempts: ten are not enough for trials that all kill their job
 * four times before they are given up, or for one that does among many spot interruptions.
 */
const usedUp: Retrier = { ErrorEquals: ['States.TaskFailed'], ...backOff, MaxAttempts: 1 }

const transientStates: Retrier = {
  ErrorEquals: ['StepFunctions.AWSStepFunctionsException', 'StepFunctions.SdkClientException'],
  ...backOff,
}

/**
 * What went wrong, as one line, of whatever a Task reports: the message of a function, the reasons of a job, the
 * cause of an execution. Read by pattern and not with $parse, which fails where AWS has cut a long cause short.
 */
export const reason = String.raw`(
  $found := $match($states.errorOutput.Cause, /"(errorMessage|Reason|StatusReason|Cause)":"(([^\\"]|\\.)+)"/);
  $lines := $distinct($found.(groups[1]));
  $text := $lines ? $join($lines, "; ") : $states.errorOutput.Cause;
  $substring($text ? $replace($text, /\\+"/, "\"") : $states.errorOutput.Error, 0, 1000)
)`.replaceAll(/\n\s*/g, ' ')

/** Catches everything that can be caught and hands `{run, error}` to a state that ends the execution. */
export const orElse = (next: string): readonly Catcher[] => [
  {
    ErrorEquals: ['States.ALL'],
    Output: { run: '{% $run %}', error: `{% ${reason} %}` },
    Next: next,
  },
]

/** Calls a function; its answer is the next state's input. */
export const invoke = (name: FunctionName, payload: JsonObject, then: Then & Handling): TaskState => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: placeholder(name), Payload: payload },
  Output: '{% $states.result.Payload %}',
  // No Lambda runs longer.
  TimeoutSeconds: 15 * minutes,
  Retry: [transientLambda],
  ...then,
})

/**
 * Submits a job and waits for its end. The time-out is a last resort: it counts the wait for a machine too, while an
 * attempt has its own in the job definition.
 */
export const submit = (
  name: JobName,
  job: { readonly run: string; readonly input: string },
  then: Then & Handling,
): TaskState => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::batch:submitJob.sync',
  Arguments: {
    JobName: `trellis-${name}`,
    JobQueue: placeholder('JobQueue'),
    JobDefinition: placeholder(name),
    ContainerOverrides: {
      Environment: [
        { Name: 'TRELLIS_RUN', Value: job.run },
        { Name: 'TRELLIS_INPUT', Value: job.input },
      ],
    },
  },
  TimeoutSeconds: 7 * days,
  Retry: [transientBatch],
  ...then,
})

/** Runs another machine to its end, linked to this execution in the console. */
export const start = (name: MachineName, input: JsonObject, then: Then & Handling): TaskState => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::states:startExecution.sync:2',
  Arguments: {
    StateMachineArn: placeholder(name),
    Input: { ...input, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: '{% $states.context.Execution.Id %}' },
  },
  TimeoutSeconds: 30 * days,
  Retry: [transientStates],
  ...then,
})

/** Keeps the input `{run, concurrency}` for all states. */
export const begin = (next: string): PassState => ({
  Type: 'Pass',
  Assign: { run: '{% $states.input.run %}', concurrency: '{% $states.input.concurrency %}' },
  Next: next,
})

/**
 * The last states: whatever a run costs is settled, also when it fails.
 * @param failure what Settle is told where it fails. @param error how the execution then ends
 */
export const settled = (failure: JsonObject, error: string) => ({
  Settle: invoke('Settle', { run: '{% $run %}' }, { Catch: orElse('Failed'), End: true }),
  SettleFailure: invoke('Settle', failure, {
    Output: '{% $states.input %}',
    // The first failure is the one to report.
    Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.input %}', Next: 'Failed' }],
    Next: 'Failed',
  }),
  Failed: { Type: 'Fail', Error: error, Cause: '{% $states.input.error %}' } satisfies FailState,
})

const withCause = `{% $merge([$states.input, {"cause": ${reason}}]) %}`

/**
 * One job for each shard of the manifest whose key is in the input, `$concurrency` at once; the input goes on unchanged.
 *
 * A shard whose job fails for good has its trials recorded as failed, so it stops nothing. No failure beyond that is
 * tolerated: it means that the job could not be submitted, which says nothing about its trials, or that not even the
 * record could be written; going on would rank the round without them.
 */
export const eachShard = (name: JobName, then: Then & Required<Pick<MapState, 'Catch'>>): MapState => ({
  Type: 'Map',
  ItemReader: {
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType: 'JSONL' },
    Arguments: { Bucket: placeholder('Bucket'), Key: '{% $states.input.manifest %}' },
  },
  // A child execution sees no variable of its parent.
  ItemSelector: { run: '{% $run %}', trials: '{% $states.context.Map.Item.Value.trials %}' },
  MaxConcurrency: '{% $concurrency %}',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: name,
    States: {
      [name]: submit(
        name,
        { run: '{% $states.input.run %}', input: '{% $string({"trials": $states.input.trials}) %}' },
        {
          // Thousands of these are gathered into one payload of at most 256 KiB.
          Output: {},
          Retry: [transientBatch, usedUp],
          Catch: [
            { ErrorEquals: refusedByBatch, Output: withCause, Next: `${name}NotSubmitted` },
            { ErrorEquals: ['States.ALL'], Output: withCause, Next: `Record${name}Failure` },
          ],
          End: true,
        },
      ),
      // The names of states are unique in a machine, and it may have several maps.
      [`${name}NotSubmitted`]: { Type: 'Fail', Error: 'NotSubmitted', Cause: '{% $states.input.cause %}' },
      [`Record${name}Failure`]: invoke(
        'RecordFailure',
        {
          run: '{% $states.input.run %}',
          trials: '{% $states.input.trials %}',
          cause: '{% $states.input.cause %}',
        },
        { Output: {}, End: true },
      ),
    },
  },
  Output: '{% $states.input %}',
  ...then,
})
