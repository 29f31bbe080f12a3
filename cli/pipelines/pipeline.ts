import type { ConfigOf, PipelineName } from '../../nas/pipelines/config.ts'
import type { DenseNasEstimate } from '../../nas/pipelines/densenas/estimate.ts'
import type { DpcEstimate } from '../../nas/pipelines/dpc/estimate.ts'
import type { RunOf, RunRecord } from '../../nas/pipelines/run.ts'
import type { Budget } from '../../nas/runs/budget.ts'
import type { Capacity, Cost } from '../../nas/runs/estimate.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Images, Speed } from '../pace.ts'
import type { Phase } from '../phases.ts'

export type EstimateOf<P extends PipelineName> = {
  readonly dpc: DpcEstimate
  readonly densenas: DenseNasEstimate
}[P]

/** A line of what is printed: a label, and what there is to say. */
export type Row = readonly [label: string, text: string]

/** All that the command line knows of one pipeline alone. */
export interface CliPipeline<P extends PipelineName> {
  /** The name of its machine among the outputs of a deployment. */
  readonly machine: 'Dpc' | 'DenseNas'
  withAbsolutePaths(config: ConfigOf<P>, absolute: (path: string) => string): ConfigOf<P>
  /** Looks at what a run needs beside its dataset. */
  bring(config: ConfigOf<P>): Promise<Brought<P>>
  /** What a run would take, by the multiply-adds of its networks. */
  estimate(config: ConfigOf<P>, images: Images, speed: Speed, capacity: Capacity): EstimateOf<P>
  /** @throws TrellisError `invalid-config` for a run that cannot come to its end within its budget */
  checkBudget?(config: ConfigOf<P>, estimateOf: (config: ConfigOf<P>) => Cost): void
  /** An estimate by phase. */
  byPhase(estimate: EstimateOf<P>): readonly (readonly [phase: string, cost: Cost])[]
  /** What the paper held for its search, in card hours, and in words what it did with them. */
  readonly paper: { readonly cardHours: number; readonly words: string }
  /** What a run is about to do. */
  plan(config: ConfigOf<P>, estimate: EstimateOf<P>): readonly Row[]
  /** Keys of the checkpoints that a run goes on from. */
  checkpoints(store: ObjectStore, record: RunOf<P>): Promise<readonly string[]>
  /** The phase that begins when its machine, or one that it starts, enters a state. */
  readonly begins: Readonly<Record<string, Phase>>
  /** What ends a phase, beside its trials. */
  limits(phase: Phase, config: ConfigOf<P>): Budget
  /** The trials that a state has chosen when it is left; none for other states. */
  chosen(store: ObjectStore, run: string, left: Left): Promise<Chosen | undefined>
  /** How far a run is, by what is in the store. */
  stored(store: ObjectStore, record: RunOf<P>): Promise<Stored>
  /** How a finished run ended. */
  describe(store: ObjectStore, run: string): Promise<Described>
  /** The searched networks that a run has trained in full, the best first. @throws TrellisError `not-found` before that */
  trained(store: ObjectStore, run: string): Promise<readonly Trained[]>
}

/** What goes into the record of a run, and what is written before it. */
export interface Brought<P extends PipelineName> {
  readonly facts: Pick<RunRecord, 'backboneWeights' | 'latencyTable'>
  put(store: ObjectStore, record: RunOf<P>): Promise<void>
}

export interface Left {
  readonly state: string
  readonly output: unknown
}

export interface Chosen {
  readonly trials: readonly string[]
  /** Whether these are all that the phase has. */
  readonly all: boolean
}

/** What the store tells of how far a run is. */
export interface Stored {
  readonly phase: Phase
  /** What comes before the number of shards, where there are rounds. */
  readonly round?: number
  /** Trials of a shard. */
  readonly perShard: number
  /** Of the phase, where it is known how many there will be. */
  readonly total: number | undefined
  readonly trials: {
    /** Whose results are known. */
    readonly settled: number
    readonly failed: number
    readonly best: number | undefined
    /** Under way in the phase. */
    readonly open: number
  }
}

export interface Described {
  /** `24 cells tried, the budget of 24 trials is used up` */
  readonly title: string
  readonly rows: readonly Row[]
}

export interface Trained {
  readonly trial: string
  readonly score: number
  /** What the score is. */
  readonly metric: string
  readonly genotype: unknown
}
