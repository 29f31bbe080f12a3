import type { FailState, JsonObject, MapState, PassState, States, TaskState } from './asl.ts'
import {
  orElse,
  reason,
  refusedByBatch,
  transientBatch,
  transientLambda,
  transientStates,
  usedUp,
} from './failures.ts'
import { placeholder, type SharedFunction } from './shared.ts'

type Then = { readonly Next: string } | { readonly End: true }
type Handling = Pick<TaskState, 'Output' | 'Catch' | 'Retry'>

/** The run that a job is for, and its input as JSON; each may be an expression. */
interface Job {
  readonly run: string
  readonly input: string
}

const minutes = 60
const days = 24 * 60 * minutes

/** Calls a function; its answer is the next state's input. */
const invoke = (name: string, payload: JsonObject, then: Then & Handling): TaskState => ({
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
 * Submits a job and waits for its end. The time-out is a last resort: it counts the wait for machines and all attempts, of which
 * each has its own in the job definition.
 */
const submit = (name: string, job: Job, then: Then & Handling): TaskState => ({
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
  TimeoutSeconds: 30 * days,
  Retry: [transientBatch],
  ...then,
})

/** Runs another machine to its end, linked to this execution in the console. */
const start = (name: string, input: JsonObject, then: Then & Handling): TaskState => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::states:startExecution.sync:2',
  Arguments: {
    StateMachineArn: placeholder(name),
    Input: { ...input, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: '{% $states.context.Execution.Id %}' },
  },
  TimeoutSeconds: 60 * days,
  Retry: [transientStates],
  ...then,
})

/** Keeps the input `{run, concurrency}` for all states. */
export const begin = (next: string): PassState => ({
  Type: 'Pass',
  Assign: { run: '{% $states.input.run %}', concurrency: '{% $states.input.concurrency %}' },
  Next: next,
})

/** Measures latencies where a run lacks them, as the function before has found. */
export const measurement = (measure: TaskState, next: string): States['States'] => ({
  NeedsLatencies: {
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.input.latency %}', Next: 'Measure' }],
    Default: next,
  },
  Measure: measure,
})

/**
 * The last states: whatever a run costs is recorded, also when it fails.
 * @param failure what Finalize is told where it fails. @param error how the execution then ends
 */
export const finalized = (failure: JsonObject, error: string) => ({
  Finalize: invoke('Finalize', { run: '{% $run %}' }, { Catch: orElse('Failed'), End: true }),
  FinalizeFailure: invoke('Finalize', failure, {
    Output: '{% $merge([$states.input, $states.result.Payload]) %}',
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
 * No failure of a job is tolerated. What its trials bring about, a job records as their results; where the job itself fails for
 * good, that says nothing about them, and going on would rank the round without them.
 */
const eachShard = (name: string, then: Then & Required<Pick<MapState, 'Catch'>>): MapState => ({
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
            // First, so that nothing that handles failed jobs takes one for that which has not even begun.
            { ErrorEquals: refusedByBatch, Output: withCause, Next: `Record${name}Failure` },
            { ErrorEquals: ['States.ALL'], Output: withCause, Next: `Record${name}Failure` },
          ],
          End: true,
        },
      ),
      // The names of states are unique in a machine, and it may have several maps.
      [`Record${name}Failure`]: invoke(
        'RecordFailure',
        {
          run: '{% $states.input.run %}',
          trials: '{% $states.input.trials %}',
          cause: '{% $states.input.cause %}',
        },
        {
          Output: '{% $states.input %}',
          Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.input %}', Next: `${name}Stopped` }],
          Next: `${name}Stopped`,
        },
      ),
      [`${name}Stopped`]: { Type: 'Fail', Error: 'JobFailed', Cause: '{% $states.input.cause %}' },
    },
  },
  Output: '{% $states.input %}',
  ...then,
})

interface Rounds {
  /** Function that proposes a round; it answers with `round`, `manifest` and `pending`, the shards that have work. */
  readonly propose: TaskState
  /** State that runs the trials of a round. */
  readonly each: MapState
  /** Function that ends a round; it answers with the next `round`, and whether it is `enough`. */
  readonly conclude: TaskState
  /** The state after the last round. */
  readonly next: string
}

/** The states of a search in rounds (nas/runs/rounds.ts): candidates are proposed, trained and judged until it is enough. @param train name of the state that trains */
export const rounds = (train: string, { propose, each, conclude, next }: Rounds): States['States'] => ({
  Propose: propose,
  HasWork: {
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.input.pending > 0 %}', Next: train }],
    Default: 'Aggregate',
  },
  [train]: each,
  Aggregate: conclude,
  Enough: {
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.input.enough %}', Next: next }],
    Default: 'Propose',
  },
})

interface Comparison {
  /** Function that picks the candidates; it answers with `manifest` and `pending`, the shards that have work. */
  readonly choose: TaskState
  /** State that trains them, a job each. */
  readonly train: MapState
  /** Function that compares them. */
  readonly conclude: TaskState
}

/** The states of a comparison (nas/runs/comparison.ts): candidates are picked, trained alike, and compared. */
export const comparison = (
  names: { readonly choose: string; readonly conclude: string },
  { choose, train, conclude }: Comparison,
): States['States'] => ({
  [names.choose]: choose,
  HasCandidates: {
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.input.pending > 0 %}', Next: 'TrainCandidates' }],
    Default: names.conclude,
  },
  TrainCandidates: train,
  [names.conclude]: conclude,
})

type Names<T> = keyof T & string

/** The steps of a pipeline, which name only what it has. */
export const stepsOf = <F extends object, J extends object, M extends string = never>(_: {
  readonly functions: F
  readonly jobs: J
  readonly machines?: readonly M[]
}) => ({
  invoke: invoke as (
    name: Names<F> | SharedFunction,
    payload: JsonObject,
    then: Then & Handling,
  ) => TaskState,
  submit: submit as (name: Names<J>, job: Job, then: Then & Handling) => TaskState,
  eachShard: eachShard as (name: Names<J>, then: Then & Required<Pick<MapState, 'Catch'>>) => MapState,
  start: start as (name: M, input: JsonObject, then: Then & Handling) => TaskState,
})
