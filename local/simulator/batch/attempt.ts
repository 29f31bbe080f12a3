import { type Ended, firstLine } from '../../../nas/runs/attempt.ts'
import { EXIT } from '../../../nas/runs/job.ts'
import type { Attempt, Job } from '../../batch/job.ts'
import type { VirtualClock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import { findHost, machineOf, type SimulatedHost } from '../host.ts'
import type { JobEnvironment } from '../job-environment.ts'
import { type SimulatedProcess, startProcess } from '../process.ts'
import type { OutcomeOf } from '../trial-outcome.ts'
import type { Deaths } from './deaths.ts'
import { scheduleReclaim } from './reclaim.ts'
import type { TrueAttempt } from './true-attempt.ts'

/** What Batch gives to a job; the rest of its environment depends on the run. */
export type AttemptEnvironment = Omit<JobEnvironment, 'store' | 'steps' | 'openDataset'> & {
  readonly process: SimulatedProcess
}

export interface BatchOptions {
  readonly clock: VirtualClock
  readonly faults: Faults
  readonly outcomeOf: OutcomeOf
  /** GPUs. */
  readonly slots: number
  /** From the start of an attempt's host to that of its process. */
  readonly startUpSeconds: readonly [least: number, most: number]
  readonly reclaimsPerHour: number
  readonly runJob: (
    variables: Readonly<Record<string, string>>,
    environment: AttemptEnvironment,
  ) => Promise<Ended>
  readonly log: (who: string, what: string) => void
}

/** What the attempts of all jobs share. */
export interface BatchState extends BatchOptions {
  readonly attempts: TrueAttempt[]
  readonly deaths: Deaths
  /** Ask running attempts to stop. */
  readonly stops: Set<() => void>
}

export interface AttemptRequest {
  readonly job: Job
  readonly jobId: string
  readonly attempt: number
  /** Attempts of the job that its hosts have cost. */
  readonly losses: { count: number }
  readonly signal: AbortSignal
}

/** From the notice, or the wish, that a job stop to its end by force. */
const GRACE_MS = 120_000

/**
 * Attempts that a job may lose before it is given a host that is not reclaimed. There must be enough left for trials that
 * kill their job themselves: a job that loses all of its attempts, twice, has its trials recorded as failed.
 */
const FALLBACK_AFTER = 3

const TERMINATED = 'Host EC2 terminated'

/** How an attempt looks to Batch when it ends. */
type Exit = Pick<Attempt, 'exitCode' | 'reason'>

/** Runs one attempt of a job, from the search for a host to its end as Batch sees it. */
export async function runAttempt(batch: BatchState, request: AttemptRequest): Promise<Attempt> {
  const { clock, faults, log, stops, startUpSeconds, deaths } = batch
  const { job, jobId, attempt, losses, signal } = request
  const spot = losses.count < FALLBACK_AFTER
  if (!spot) faults.note('on-demand fallback')
  const host = findHost(faults, spot)
  const [least, most] = startUpSeconds
  await clock.sleep(1000 * (least + faults.chance.uniform() * (most - least)))
  const running = begin(batch, request, host)
  const { process, truth, progress } = running
  log(process.name, `starts on ${spot ? 'spot' : 'on-demand'} ${JSON.stringify(host)}`)

  const told = new AbortController()
  const stop = () => {
    if (told.signal.aborted) return
    told.abort()
    clock.after(GRACE_MS, () => process.kill(TERMINATED))
  }
  const outOfReach = reclaimed(batch, running, stop)
  signal.addEventListener('abort', stop)
  stops.add(stop)
  const { exitCode, reason } = await Promise.race([
    work(batch, request, running, told.signal),
    process.killed.then((reason) => ended(batch, truth, true, { exitCode: null, reason })),
    outOfReach,
  ])
  signal.removeEventListener('abort', stop)
  stops.delete(stop)
  log(process.name, reason === '' ? 'is done' : `ends: ${reason}`)

  if (exitCode === null && progress.trial !== undefined) deaths.count(progress.trial)
  if (exitCode !== EXIT.done && !reason.startsWith('OutOfMemory')) losses.count++
  const { startedAt } = truth
  return { name: job.name, jobId, attempt, exitCode, signal: null, startedAt, endedAt: clock.now(), reason }
}

/** An attempt while it runs. */
interface Running {
  readonly process: SimulatedProcess
  readonly truth: TrueAttempt
  readonly progress: {
    /** That it works on. */
    trial: string | undefined
    /** Whether Batch takes it for dead. */
    unreachable: boolean
  }
}

function begin(
  { clock, deaths, attempts }: BatchState,
  { job, jobId, attempt }: AttemptRequest,
  host: SimulatedHost,
): Running {
  const process = startProcess(clock, `${jobId}-${attempt}`)
  const progress: Running['progress'] = { trial: undefined, unreachable: false }
  process.spared = !host.spot
  process.mayDie = () => host.spot && deaths.bearsAnother(progress.trial)
  const truth: TrueAttempt = {
    kind: job.environment.TRELLIS_JOB!,
    jobId,
    attempt,
    host,
    startedAt: clock.now(),
    endedAt: undefined,
    worked: 0,
    killed: false,
  }
  attempts.push(truth)
  return { process, truth, progress }
}

/** Resolves when Batch can no longer reach the host. */
function reclaimed(
  batch: BatchState,
  { process, truth, progress }: Running,
  stop: () => void,
): Promise<Exit> {
  return new Promise((resolve) => {
    if (!truth.host.spot || batch.reclaimsPerHour === 0) return
    scheduleReclaim(batch, {
      mayDie: () => truth.endedAt === undefined && process.mayDie(),
      notify: stop,
      disconnect: () => {
        progress.unreachable = true
        resolve({ exitCode: null, reason: 'out of reach' })
      },
      kill: () => process.kill(TERMINATED),
    })
  })
}

async function work(
  batch: BatchState,
  { job, jobId, attempt }: AttemptRequest,
  { process, truth, progress }: Running,
  signal: AbortSignal,
): Promise<Exit> {
  const { clock, outcomeOf, deaths, log } = batch
  const variables = {
    ...job.environment,
    AWS_BATCH_JOB_ID: jobId,
    AWS_BATCH_JOB_ATTEMPT: String(attempt),
  }
  const { exit, error } = await batch.runJob(variables, {
    process,
    machine: machineOf(clock, truth.host, process),
    outcomeOf,
    signal,
    now: clock.now,
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
      if (process.mayDie()) deaths.count(trial)
      else process.kill('out of reach')
    },
  })
  const said = error === undefined ? '' : `${firstLine(error)} `
  const reason = exit === EXIT.done ? '' : `${said}(exit code ${exit})`
  return ended(batch, truth, false, { exitCode: exit, reason })
}

function ended({ clock }: BatchState, truth: TrueAttempt, killed: boolean, exit: Exit): Exit {
  truth.endedAt ??= clock.now()
  truth.killed = killed
  return exit
}
