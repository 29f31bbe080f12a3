import { availableParallelism } from 'node:os'
import { cacheSamples } from '../nas/data/cache.ts'
import type { SegmentationDataset } from '../nas/data/dataset.ts'
import { openSurveyed } from '../nas/data/survey.ts'
import type { Engine } from '../nas/engines/engine.ts'
import { openEngine } from '../nas/engines/open.ts'
import { getFiles } from '../nas/runs/dataset.ts'
import type { Job } from '../nas/runs/job.ts'
import { type RunRecord, readRun } from '../nas/runs/run.ts'
import { openStore } from '../nas/store/open.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** All that a job works with. */
export interface JobContext {
  readonly job: Job
  readonly store: ObjectStore
  readonly record: RunRecord
  readonly engine: Engine
  /** Aborted when the job is told to stop: it then leaves a checkpoint and asks to be started again. */
  readonly signal: AbortSignal
  /**
   * Opens the dataset of the run as it had a fingerprint: by default that of the run's start.
   * @throws TrellisError `invalid-dataset` where its files are not those any more
   */
  readonly dataset: (fingerprint?: string) => Promise<SegmentationDataset>
  /** Tells whoever watches how far the work is; nothing depends on it. */
  readonly progress: (progress: Progress) => void
}

export interface Progress {
  /** What is trained: the key of a trial or of a backbone. */
  readonly trial: string
  readonly step: number
  readonly steps: number
  readonly loss: number
}

const DECODED_BYTES = 1 << 30

export async function openContext(job: Job, signal: AbortSignal): Promise<JobContext> {
  const store = openStore(job.store)
  const record = await readRun(store, job.run)
  // Trials run one a core, side by side; what comes before them runs alone.
  const threads = job.job === 'pretrain' || job.job === 'features' ? availableParallelism() : 1
  return {
    job,
    store,
    record,
    signal,
    engine: await openEngine(record.config.compute.engine, { device: job.device, threads }),
    dataset: async (fingerprint = record.dataset.fingerprint) => {
      const files = await getFiles(store, record.run, fingerprint)
      const dataset = await openSurveyed(record.config.dataset, openStore, fingerprint, files)
      return cacheSamples(dataset, DECODED_BYTES)
    },
    progress: (progress) => process.send?.({ kind: 'progress', ...progress }),
  }
}
