import type { z } from 'zod'
import type { ObjectStore } from '../store/store.ts'
import type { Task } from '../tasks/task.ts'
import type { RunConfig } from './config.ts'
import type { RunProgress } from './progress.ts'
import type { RunRecord } from './record.ts'
import type { Reference } from './references.ts'
import type { SearchSize } from './search-size.ts'
import type { StoreLayout } from './store-layout.ts'
import type { TrialSpec } from './trial.ts'

/** All that one pipeline alone agrees on between its parts: what crosses a boundary. */
export interface PipelineContract<C extends RunConfig = RunConfig, F extends object = object> {
  readonly name: C['pipeline']
  readonly task: Task
  /** What a user writes, with `pipeline` among its keys. */
  readonly config: z.ZodType<C> & z.core.$ZodTypeDiscriminable
  /** Optional keys of the record of a run: what its start finds out beside the dataset. */
  readonly facts: { readonly [K in keyof F]: z.ZodType<F[K]> }
  /** Kinds of jobs, in the order in which they are first needed. */
  readonly jobs: readonly string[]
  /** Specifications of trials, by their kind: all that determines a result. */
  readonly trials: Readonly<Record<string, z.ZodType<TrialSpec>>>
  /** What it writes beside {@link SHARED_LAYOUT}. */
  readonly layout: StoreLayout
  progress(store: ObjectStore, run: string): Promise<RunProgress>
  /** What a run refers to, as far as it has got, in its own objects, its trials and its inputs; some may be told twice. */
  references(store: ObjectStore, record: RunRecord<NoInfer<C>, NoInfer<F>>): AsyncIterable<Reference>
  /** @param trials that the budget allows, where the configuration does not say so itself: see `estimate` */
  size(config: C, trials: number): SearchSize
}
