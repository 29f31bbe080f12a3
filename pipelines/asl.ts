/** Amazon States Language (https://states-language.net), with JSONata as its only query language. */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** Evaluated by Step Functions; every other string is taken as it is. On one line, as validators want it. */
export type Expression = `{% ${string} %}`

export interface StateMachine extends States {
  readonly Comment?: string
  readonly QueryLanguage: 'JSONata'
  readonly TimeoutSeconds?: number
}

export interface States {
  readonly StartAt: string
  readonly States: Readonly<Record<string, State>>
}

export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | ParallelState
  | MapState
  | SucceedState
  | FailState

/** What a state hands on: evaluated side by side, so that neither sees what the other makes. */
export interface Result {
  /** The next state's input; without it the state's own result. */
  readonly Output?: Json
  /** Variables for the states that follow. */
  readonly Assign?: JsonObject
}

interface Described {
  readonly Comment?: string
}

type Transition =
  | { readonly Next: string; readonly End?: never }
  | { readonly End: true; readonly Next?: never }

interface Recoverable {
  readonly Retry?: readonly Retrier[]
  readonly Catch?: readonly Catcher[]
}

export interface Retrier {
  readonly ErrorEquals: readonly string[]
  readonly IntervalSeconds?: number
  readonly BackoffRate?: number
  readonly MaxDelaySeconds?: number
  readonly MaxAttempts?: number
  readonly JitterStrategy?: 'FULL' | 'NONE'
}

export interface Catcher extends Result {
  readonly ErrorEquals: readonly string[]
  readonly Next: string
}

export type PassState = Described & Result & Transition & { readonly Type: 'Pass' }

export type TaskState = Described &
  Result &
  Transition &
  Recoverable & {
    readonly Type: 'Task'
    readonly Resource: string
    readonly Arguments?: Json
    readonly TimeoutSeconds?: number
  }

/** A Choice's own Output and Assign are those of its Default. */
export type ChoiceState = Described &
  Result & {
    readonly Type: 'Choice'
    readonly Choices: readonly ChoiceRule[]
    readonly Default?: string
  }

export interface ChoiceRule extends Result {
  readonly Condition: Expression
  readonly Next: string
}

export type WaitState = Described &
  Result &
  Transition & { readonly Type: 'Wait'; readonly Seconds: number | Expression }

export type ParallelState = Described &
  Result &
  Transition &
  Recoverable & {
    readonly Type: 'Parallel'
    readonly Arguments?: Json
    readonly Branches: readonly States[]
  }

export type MapState = Described &
  Result &
  Transition &
  Recoverable & {
    readonly Type: 'Map'
    readonly Items?: Expression | readonly Json[]
    readonly ItemReader?: ItemReader
    readonly ItemSelector?: Json
    readonly ItemBatcher?: ItemBatcher
    readonly ItemProcessor: ItemProcessor
    readonly MaxConcurrency?: number | Expression
    readonly ToleratedFailureCount?: number | Expression
    readonly ToleratedFailurePercentage?: number | Expression
  }

/** Reads the items from an object of one JSON value a line. */
export interface ItemReader {
  readonly Resource: 'arn:aws:states:::s3:getObject'
  readonly ReaderConfig: { readonly InputType: 'JSONL' }
  readonly Arguments: { readonly Bucket: string; readonly Key: string }
}

export interface ItemBatcher {
  readonly MaxItemsPerBatch: number | Expression
  readonly BatchInput?: Json
}

export interface ItemProcessor extends States {
  readonly ProcessorConfig?:
    | { readonly Mode: 'INLINE' }
    | { readonly Mode: 'DISTRIBUTED'; readonly ExecutionType: 'STANDARD' }
}

export type SucceedState = Described & { readonly Type: 'Succeed'; readonly Output?: Json }

export type FailState = Described & {
  readonly Type: 'Fail'
  readonly Error?: string
  readonly Cause?: string
}
