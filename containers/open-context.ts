import { availableParallelism } from 'node:os'
import { openEngine } from '../nas/engines/open.ts'
import type { Job } from '../nas/runs/job.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { checkMachine } from './check-machine.ts'
import type { JobContext, Progress } from './context.ts'
import type { JobProgram } from './jobs.ts'

/**
 * Opens what a job works with.
 * @throws TrellisError `unsupported` for an engine that is not installed, `service-failed` for a card that cannot be used
 */
export async function openContext(
  job: Job,
  store: ObjectStore,
  record: RunRecord,
  { programs }: JobProgram,
  signal: AbortSignal,
): Promise<JobContext> {
  const threads = threadsOf(job)
  const engine = await openEngine(record.config.compute.engine, {
    device: job.device,
    threads,
    manyPrograms: programs === 'many',
  })
  const progress = (progress: Progress) => process.send?.({ kind: 'progress', ...progress })
  return {
    ...{ job, store, record, signal, engine, progress },
    checkMachine: () => checkMachine(engine, signal),
  }
}

/** Several jobs share a host with several cards: a job goes by the cores of its definition, not by those of the host. */
export const threadsOf = ({ cores, vcpus = availableParallelism() }: Pick<Job, 'cores' | 'vcpus'>): number =>
  cores === 'all' ? vcpus : 1
