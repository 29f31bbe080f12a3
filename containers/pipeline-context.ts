import { cacheSamples } from '../nas/data/cache.ts'
import { openSurveyed } from '../nas/data/survey.ts'
import { runOf } from '../nas/pipelines/run.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { getFiles } from '../nas/runs/dataset.ts'
import type { PipelineContract } from '../nas/runs/pipeline.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { openStore } from '../nas/store/open.ts'
import type { Dataset, DatasetSource, Task } from '../nas/tasks/task.ts'
import type { JobContext } from './context.ts'

/** What the jobs of one pipeline work with: the record of the run, known to be one of it, and the dataset of its task. */
export interface PipelineContext<R extends RunRecord, D extends Dataset> extends Omit<JobContext, 'record'> {
  readonly record: R
  /**
   * Opens the dataset of the run as it had a fingerprint: by default that of the run's start.
   * @throws TrellisError `invalid-dataset` where its files are not those any more
   */
  readonly dataset: (fingerprint?: string) => Promise<D>
}

const DECODED_BYTES = 1 << 30

/** Makes a job of what works for a pipeline. @throws (when called) TrellisError `invalid-pipeline` for a run of another */
export const forPipeline =
  <C extends RunConfig, F extends object, D extends Dataset>(
    contract: PipelineContract<C, F> & { readonly task: Task<C['dataset'], D> },
  ) =>
  (work: (context: PipelineContext<RunRecord<C, F>, D>) => Promise<void>) =>
  (context: JobContext): Promise<void> => {
    const record = runOf(context.record, contract)
    const dataset = (fingerprint = record.dataset.fingerprint) =>
      openNoted({ ...context, record }, contract.task, record.config.dataset, fingerprint)
    return work({ ...context, record, dataset })
  }

/**
 * Opens a dataset that the start of a run has looked at, as it had a fingerprint.
 * @throws TrellisError `invalid-dataset` where its files are not those any more
 */
export async function openNoted<S extends DatasetSource, D extends Dataset>(
  { store, record: { run } }: Pick<JobContext, 'store' | 'record'>,
  task: Task<S, D>,
  source: S,
  fingerprint: string,
): Promise<D> {
  const files = await getFiles(store, run, fingerprint)
  return cacheSamples(await openSurveyed(task, source, openStore, fingerprint, files), DECODED_BYTES)
}
