import type { StateMachine } from './asl.ts'

/** Keys of the store, by patterns in which `*` stands for anything: `runs/*`. */
export type Keys = readonly string[]

/**
 * What a part of Trellis may read and write. It also reads where it only writes once, or in parts: after a lost reply the store
 * looks whether the object there is its own.
 */
export interface Access {
  readonly reads: Keys
  readonly writes: Keys
  /** What it may remove: the checkpoint of a training that is done, the start of an attempt, what is damaged and made again. */
  readonly deletes?: Keys
}

/** A Lambda function. */
export interface FunctionDefinition extends Access {
  /** Whether it changes what the dashboard shows of a run, and therefore publishes that. */
  readonly publishes?: true
}

/** A kind of jobs. */
export interface JobDefinition extends Access {
  /** As TRELLIS_JOB names it. */
  readonly kind: string
  /** Of one attempt; the next goes on from its checkpoint, unless it is this time-out that ended it. */
  readonly hours: number
  /** Cores for its kernels: `one` where a machine without a card runs several jobs side by side. */
  readonly cores: 'all' | 'one'
}

/** All that is deployed for a pipeline, by the names that its machines use: Lambda functions, Batch jobs, state machines. */
export interface Pipeline {
  readonly name: string
  readonly functions: Readonly<Record<string, FunctionDefinition>>
  readonly jobs: Readonly<Record<string, JobDefinition>>
  readonly machines: Readonly<Record<string, StateMachine>> & {
    /** Runs a search from its beginning to its end. */
    readonly Search: StateMachine
  }
}
