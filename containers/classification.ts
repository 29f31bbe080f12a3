import { cacheSamples } from '../nas/data/cache.ts'
import type { ClassificationDataset } from '../nas/data/dataset.ts'
import { openSurveyed } from '../nas/data/survey.ts'
import { type DenseNasRun, runOf } from '../nas/pipelines/run.ts'
import { getFiles } from '../nas/runs/dataset.ts'
import { openStore } from '../nas/store/open.ts'
import type { JobContext } from './context.ts'

/** What a job of `densenas` works with. */
export interface ClassificationContext extends JobContext {
  readonly record: DenseNasRun
  /**
   * Opens the dataset of the run, which the start of the run has checked.
   * @throws TrellisError `invalid-dataset` where its files are not those any more
   */
  readonly dataset: () => Promise<ClassificationDataset>
}

const DECODED_BYTES = 1 << 30

/** @throws (when called) TrellisError `invalid-pipeline` for a run of another pipeline */
export const classification =
  (work: (context: ClassificationContext) => Promise<void>) =>
  (context: JobContext): Promise<void> => {
    const record = runOf(context.record, 'densenas')
    const { run, config, dataset } = record
    return work({
      ...context,
      record,
      dataset: async () => {
        const files = await getFiles(context.store, run, dataset.fingerprint)
        return cacheSamples(
          await openSurveyed(config.dataset, openStore, dataset.fingerprint, files),
          DECODED_BYTES,
        )
      },
    })
  }
