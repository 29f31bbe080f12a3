import { availableParallelism } from 'node:os'
import { openEngine } from '../nas/engines/open.ts'
import { readRun } from '../nas/pipelines/run.ts'
import { checkContract } from '../nas/runs/contract.ts'
import type { Job } from '../nas/runs/job.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { openStore } from '../nas/store/open.ts'
import { checkMachine } from './check-machine.ts'
import type { JobContext, Progress } from './context.ts'
import type { JobProgram } from './jobs.ts'

/** Opens what a job works with. @throws TrellisError `not-found`, `unsupported` for a run that this version does not go on with */
export async function openContext(
  job: Job,
  programOf: (record: RunRecord) => JobProgram,
  signal: AbortSignal,
): Promise<{ readonly context: JobContext; readonly program: JobProgram }> {
  const store = openStore(job.store)
  const record = await readRun(store, job.run)
  checkContract(record)
  const program = programOf(record)
  const threads = job.cores === 'all' ? availableParallelism() : 1
  const engine = await openEngine(record.config.compute.engine, {
    device: job.device,
    threads,
    manyPrograms: program.programs === 'many',
  })
  const progress = (progress: Progress) => process.send?.({ kind: 'progress', ...progress })
  const context = {
    ...{ job, store, record, signal, engine, progress },
    checkMachine: () => checkMachine(engine, signal),
  }
  return { program, context }
}
