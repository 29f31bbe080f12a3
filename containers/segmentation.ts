import { cacheSamples } from '../nas/data/cache.ts'
import type { SegmentationDataset } from '../nas/data/dataset.ts'
import { openSurveyed } from '../nas/data/survey.ts'
import { type DpcRun, runOf } from '../nas/pipelines/run.ts'
import { getFiles } from '../nas/runs/dataset.ts'
import { openStore } from '../nas/store/open.ts'
import type { JobContext } from './context.ts'

/** What a job of `dpc` works with. */
export interface SegmentationContext extends JobContext {
  readonly record: DpcRun
  /**
   * Opens the dataset of the run as it had a fingerprint: by default that of the run's start.
   * @throws TrellisError `invalid-dataset` where its files are not those any more
   */
  readonly dataset: (fingerprint?: string) => Promise<SegmentationDataset>
}

const DECODED_BYTES = 1 << 30

/** @throws (when called) TrellisError `invalid-pipeline` for a run of another pipeline */
export const segmentation =
  (work: (context: SegmentationContext) => Promise<void>) =>
  (context: JobContext): Promise<void> => {
    const { store } = context
    const record = runOf(context.record, 'dpc')
    const dataset = async (fingerprint = record.dataset.fingerprint) => {
      const files = await getFiles(store, record.run, fingerprint)
      return cacheSamples(
        await openSurveyed(record.config.dataset, openStore, fingerprint, files),
        DECODED_BYTES,
      )
    }
    return work({ ...context, record, dataset })
  }
