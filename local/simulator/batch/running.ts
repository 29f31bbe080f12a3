import { TrellisError } from '../../../nas/errors.ts'
import { firstLine } from '../../../nas/runs/failure.ts'
import { EXIT } from '../../../nas/runs/job.ts'
import type { Attempt, Job } from '../../batch/job.ts'
import { machineOf, type SimulatedHost } from '../host.ts'
import { type SimulatedProcess, startProcess } from '../process.ts'
import type { AttemptEnvironment, BatchState } from './state.ts'
import type { TrueAttempt } from './true-attempt.ts'

export interface AttemptRequest {
  readonly job: Job
  readonly jobId: string
  readonly attempt: number
  /** Attempts of the job that its hosts have cost. */
  readonly losses: { count: number }
  readonly signal: AbortSignal
}

export const runOf = ({ environment }: Job): string => environment.TRELLIS_RUN!

/** How an attempt looks to Batch when it ends. */
export type Exit = Pick<Attempt, 'exitCode' | 'reason'>

/** An attempt while it runs. */
export interface Running {
  readonly process: SimulatedProcess
  readonly truth: TrueAttempt
  readonly progress: {
    /** That it works on. */
    trial: string | undefined
    /** Whether Batch takes it for dead. */
    unreachable: boolean
  }
}

export function begin(
  { clock, deaths, attempts }: BatchState,
  { job, jobId, attempt }: AttemptRequest,
  host: SimulatedHost,
): Running {
  const process = startProcess(clock, `${jobId}-${attempt}`)
  const run = runOf(job)
  const progress: Running['progress'] = { trial: undefined, unreachable: false }
  process.spared = !host.spot
  process.mayDie = () => host.spot && deaths.bearsAnother(run, progress.trial)
  const truth: TrueAttempt = {
    kind: job.environment.TRELLIS_JOB!,
    run,
    jobId,
    attempt,
    host,
    startedAt: clock.now(),
    endedAt: undefined,
    worked: 0,
    killed: false,
    unheard: 0,
  }
  attempts.push(truth)
  return { process, truth, progress }
}

/** Does the work of the job, unless its process is killed: then this never ends. */
export async function work(
  batch: BatchState,
  { job, jobId, attempt }: AttemptRequest,
  running: Running,
  signal: AbortSignal,
): Promise<Exit> {
  const variables = {
    ...job.environment,
    AWS_BATCH_JOB_ID: jobId,
    AWS_BATCH_JOB_ATTEMPT: String(attempt),
  }
  const { exit, error } = await batch.runJob(variables, environmentOf(batch, running, signal))
  const fix = error instanceof TrellisError && error.fix !== undefined ? ` (${error.fix})` : ''
  const said = error === undefined ? '' : `${firstLine(error)}${fix} `
  const reason = exit === EXIT.done ? '' : `${said}(exit code ${exit})`
  return ended(batch, running.truth, false, { exitCode: exit, reason })
}

/** Until an engine has found out that it has no card. */
const NO_CARD_MS = 2000

/** What the host of an attempt gives to its job. */
function environmentOf(
  { clock, outcomeOf, deaths, log }: BatchState,
  { process, truth, progress }: Running,
  signal: AbortSignal,
): AttemptEnvironment {
  return {
    process,
    machine: machineOf(clock, truth.host, process),
    outcomeOf,
    signal,
    now: clock.now,
    openEngine: async () => {
      if (truth.host.hasCard) return
      await process.sleep(NO_CARD_MS)
      throw new TrellisError('service-failed', 'engine onnxruntime: CUDA cannot be used here')
    },
    work: async (ms) => {
      await process.sleep(ms / truth.host.speed)
      truth.worked += ms
    },
    outOfMemory: () => {
      process.kill('OutOfMemoryError: Container killed due to memory usage')
      return process.never()
    },
    onTrial: (trial) => {
      progress.trial = trial
      log(process.name, `begins trial ${trial}`)
      if (!progress.unreachable) return
      // A host out of reach counts as dead for its trial, whatever it still begins.
      if (process.mayDie()) deaths.count(truth.run, trial)
      else process.kill('out of reach')
    },
  }
}

/** Notes the end of an attempt. */
export function ended({ clock }: BatchState, truth: TrueAttempt, killed: boolean, exit: Exit): Exit {
  truth.endedAt ??= clock.now()
  truth.killed = killed
  return exit
}
