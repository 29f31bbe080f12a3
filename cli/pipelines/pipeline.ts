import type { Extent } from '../../nas/data/dataset.ts'
import type { Survey } from '../../nas/data/survey.ts'
import type { Engine } from '../../nas/engines/engine.ts'
import type { Graph } from '../../nas/graph/graph.ts'
import type { NetworkCounts } from '../../nas/nets/count.ts'
import type { Budget } from '../../nas/runs/budget.ts'
import type { RunConfig } from '../../nas/runs/config.ts'
import type { DatasetFacts } from '../../nas/runs/dataset.ts'
import type { Capacity, Cost, Estimate } from '../../nas/runs/estimate.ts'
import type { Trained } from '../../nas/runs/model.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Dataset, DatasetSource, Task } from '../../nas/tasks/task.ts'
import type { Tensors } from '../../nas/tensor.ts'
import type { Predictor } from '../../nas/training/predictor.ts'
import type { Ranking as RankedNetworks } from '../../report/comparison/ranking.ts'
import type { JobMemory } from '../memory.ts'
import type { Images, Throughput } from '../throughput.ts'

/** A line of what is printed: a label, and what there is to say. */
export type Row = readonly [label: string, text: string]

/** A phase of a run: all jobs of one kind. */
export interface Phase {
  readonly name: string
  /** Kind of its jobs. */
  readonly job: string
  /** What the scores of its trials are; null for a phase that is a single job. */
  readonly score: string | null
}

/** All that the command line knows of one pipeline alone. */
export interface CliPipeline<
  C extends RunConfig = RunConfig,
  E extends Estimate = Estimate,
  F extends object = object,
> {
  /** A configuration whose paths, but for those of the dataset and the store, are absolute. */
  withAbsolutePaths(config: C, absolute: (path: string) => string): C
  /** Checks what a run needs beside its dataset. @param look at a dataset that it reads beside that */
  prepareInputs(config: C, look: LookAt): Promise<PreparedInputs<C, F>>
  /** Whether the store has what the start of a run puts there, beside its record. */
  hasInputs(store: ObjectStore, record: RunRecord<C, NoInfer<F>>): Promise<boolean>
  /** The dataset that a run reads beside its own, as its start has found it; null for a run without one. */
  besides(record: RunRecord<C, NoInfer<F>>): Besides | null
  /** Of kinds of jobs whose work can be told before a run: whether the store has it. */
  made(store: ObjectStore, record: RunRecord<C, NoInfer<F>>): Promise<Readonly<Record<string, boolean>>>
  /** What a run would take, by the multiply-adds of its networks. */
  estimate(config: C, images: Images, throughput: Throughput, capacity: Capacity): E
  /** The candidates that a run of that estimate tries. */
  candidates(estimate: E): number
  /** @throws TrellisError `invalid-config` for a run that cannot come to its end within its budget */
  checkBudget(config: C, estimateOf: (config: C) => Cost): void
  /** The part of an estimate that is for the comparison that ends a run: of the budget, it is kept for that. */
  comparison(estimate: E): Cost
  /** A configuration with all sizes that it leaves to its images. @param extent undefined where these are not known */
  withSizes(config: C, extent: Extent | undefined): C
  /** @throws TrellisError `invalid-config` for what cannot be searched with so many classes */
  check(config: C, classes: number): void
  /** What jobs take that train, or work on whole images; null where it is little. */
  memory(config: C, classes: number, extent: Extent): JobMemory | null
  /** An estimate by phase. */
  byPhase(estimate: E): readonly (readonly [phase: string, cost: Cost])[]
  /** What the paper held for its search, in card hours, and in words what it did with them; null without a paper. */
  readonly paper: { readonly cardHours: number; readonly words: string } | null
  /** What a run is about to do. */
  plan(config: C, estimate: E): readonly Row[]
  /** In the order in which a run goes through them. */
  readonly phases: readonly Phase[]
  /** The phase that starts when a machine enters a state. */
  readonly phaseByState: Readonly<Record<string, Phase>>
  /** What ends a phase, beside its trials. @param pending how many shards the run has listed last; undefined where it is not known */
  limits(phase: Phase, config: C, pending?: number): Budget
  /** The trials that a state has chosen when the machine exits it; undefined for other states. */
  trialsChosen(store: ObjectStore, run: string, exit: StateExit): Promise<TrialsChosen | undefined>
  /** How far a run is, by what is in the store. */
  progressFromStore(store: ObjectStore, record: RunRecord<C, F>): Promise<StoredProgress>
  /** How a finished run ended. */
  describe(store: ObjectStore, run: string): Promise<Description>
  /** The networks that a run has trained in full, the best first. @throws TrellisError `not-found` before that */
  trained(store: ObjectStore, run: string): Promise<readonly TrainedNetwork[]>
  /** A network that was trained in full, for images of one shape. @param spec of its trial */
  graph(record: RunRecord<C, NoInfer<F>>, spec: unknown, shape: ImageShape): Graph
  /** What a run has found beside its baselines, each trained in full. @throws TrellisError `not-found` before that */
  compared(store: ObjectStore, record: RunRecord<C, F>): Promise<ComparedNetworks>
  /**
   * A network that was trained in full, to be run on images. Loaded when it is asked for.
   * @param spec of its trial @param trained what the trial has left
   */
  predictor(record: RunRecord<C, F>, spec: unknown, trained: Trained): Promise<Predictor>
  /**
   * The networks that no other of a run beats in score without costing more; null for a pipeline without weights of them.
   * @throws TrellisError `not-found` before there are any
   */
  front(store: ObjectStore, record: RunRecord<C, F>, means: Means): Promise<Front | null>
  /** What `trellis count` counts of it. */
  readonly count: Countable
  /** The configuration with that number of a measurement, so that its search measures again; undefined for one that measures nothing. */
  remeasure(config: C, measurement: number): C | undefined
  /** How the ranking of a finished run is revised; null for a pipeline whose runs have no ranking to revise. */
  readonly rerank: Reranking | null
}

/** A dataset that was looked at. */
export interface LookedAt extends Survey<DatasetFacts> {
  /** Where jobs find it. */
  readonly source: DatasetSource
}

/** Looks at every file of a dataset, or finds what was noted of it. */
export type LookAt = (task: Task, source: DatasetSource) => Promise<LookedAt>

export interface Besides {
  readonly source: DatasetSource
  readonly facts: DatasetFacts
}

/** What goes into the record of a run, and what is written before it. */
export interface PreparedInputs<C extends RunConfig, F extends object> {
  readonly facts: Partial<F>
  /** With the paths at which jobs find datasets; the same by default. */
  readonly config?: C
  put(store: ObjectStore, record: RunRecord<C, F>): Promise<void>
}

/** The exit from a state of a machine. */
export interface StateExit {
  readonly state: string
  readonly output: unknown
}

export interface TrialsChosen {
  readonly trials: readonly string[]
  /** Whether these are all that the phase has. */
  readonly all: boolean
}

/** What the store tells of how far a run is. */
export interface StoredProgress {
  readonly phase: Phase
  /** The machine that starts the jobs of the phase. */
  readonly machine: string
  /** What comes before the number of shards; undefined where there are no rounds. */
  readonly round: number | undefined
  /** Trials of a shard. */
  readonly perShard: number
  /** Of the phase, where it is known how many there will be. */
  readonly total: number | undefined
  readonly trials: {
    /** With a result. */
    readonly completed: number
    readonly failed: number
    readonly best: number | undefined
    /** Chosen, and without a result that the store was asked for. */
    readonly pending: readonly string[]
  }
}

export interface Description {
  /** `24 cells tried, the budget of 24 trials is used up` */
  readonly title: string
  readonly rows: readonly Row[]
}

export type ImageShape = readonly [images: number, channels: 3, height: number, width: number]

/** By which networks get their statistics. */
export interface Means {
  readonly engine: Engine
  /** That of the run, as it was. */
  readonly dataset: () => Promise<Dataset>
}

export interface Front {
  readonly total: number
  /** The cheapest first, each with the weights by which it was scored. */
  readonly networks: AsyncIterable<FrontNetwork>
}

export interface FrontNetwork {
  readonly trial: string
  readonly genotype: unknown
  /** On validation images. */
  readonly score: number
  readonly parameters: number
  readonly multiplyAdds: number
  /** For one image. */
  readonly graph: Graph
  readonly weights: Tensors
  /** What a program must know to run it. */
  readonly card: object
}

export interface ComparedNetworks {
  readonly ranking: RankedNetworks
  /** On which they were trained and scored. */
  readonly dataset: DatasetFacts
}

export interface TrainedNetwork {
  /** Which baseline it is; null for one that was searched. */
  readonly baseline: string | null
  readonly trial: string
  readonly score: number
  /** What the score is. */
  readonly metric: string
  readonly genotype: unknown
}

/** Counts a network for an input [C,H,W]. Only a detector reads `classes`, of which the background is none. */
export type Counter = (
  input: readonly [channels: number, height: number, width: number],
  options: { readonly classes: number },
) => NetworkCounts

/** Networks and spaces that can be counted. */
export interface Countable {
  /** By name. */
  readonly networks: Readonly<Record<string, Counter>>
  /** Search spaces by name, with how many architectures they hold, in each way to count them. */
  readonly spaces: Readonly<Record<string, () => Readonly<Record<string, bigint>>>>
  /** What stands under `space` in Trellis's notation of its networks; null where no file holds one. */
  readonly space: string | null
  /** The notation of networks that is read beside Trellis's own, in words; null where there is none. */
  readonly notation: string | null
  /** The network in a file; undefined for a file in no notation of this pipeline. @throws TrellisError `invalid-genotype` */
  read(file: NetworkFile): Counter | undefined
}

export interface NetworkFile {
  readonly text: string
  /** Undefined for a file that is not JSON. */
  readonly json: unknown
}

export interface Reranking {
  /** The machine that does it. */
  readonly machine: string
  /** The current ranking. @throws TrellisError `not-found` before the first */
  ranking(store: ObjectStore, run: string): Promise<Ranking>
}

export interface Ranking {
  /** Differs between rankings of different candidates or data. */
  readonly revision: string
  readonly dataset: DatasetFacts
  /** The score of the best that it ranks. */
  readonly best: number
  /** The score of what the run hands out: better, where it keeps something of an earlier ranking. */
  readonly score: number
  readonly keeps: boolean
}
