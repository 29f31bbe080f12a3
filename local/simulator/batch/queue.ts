import pLimit from 'p-limit'
import { type Ended, firstLine } from '../../nas/runs/attempt.ts'
import { EXIT } from '../../nas/runs/job.ts'
import type { Attempt, Job } from '../batch/job.ts'
import type { Queue } from '../batch/queue.ts'
import { StateFailure } from '../interpreter/failure.ts'
import type { VirtualClock } from './clock.ts'
import type { CourseOf } from './course.ts'
import type { Faults } from './faults.ts'
import { findHost, machineOf, type SimulatedHost } from './host.ts'
import type { Surroundings } from './job.ts'
import { type SimulatedProcess, startProcess } from './process.ts'

/** An attempt as it really was, whatever the ledger says of it. */
export interface TrueAttempt {
  readonly jobId: string
  readonly attempt: number
  readonly host: SimulatedHost
  readonly startedAt: number
  /** Undefined while it runs. */
  endedAt: number | undefined
  /** Milliseconds of training, on a host of ordinary speed. */
  worked: number
  /** Whether it died without a word. */
  killed: boolean
}

export interface BatchOptions {
  readonly clock: VirtualClock
  readonly faults: Faults
  readonly courseOf: CourseOf
  /** GPUs. */
  readonly slots: number
  /** From the start of an attempt's host to that of its process. */
  readonly startUpSeconds: readonly [least: number, most: number]
  readonly reclaimsPerHour: number
  readonly runJob: (
    environment: Readonly<Record<string, string>>,
    around: Omit<Surroundings, 'store' | 'steps'> & { readonly process: SimulatedProcess },
  ) => Promise<Ended>
  readonly log: (who: string, what: string) => void
}

export interface SimulatedBatch extends Queue {
  readonly attempts: readonly TrueAttempt[]
  /** Jobs submitted since then that are not over, but for hosts out of reach. */
  live(since: number): number
  /** The runner has died: its jobs notice and stop, one by one. */
  disconnect(): void
}

/** From the notice, or the wish, that a job stop to its end by force. */
const GRACE_MS = 120_000

/**
 * Attempts that a job may lose before it is given a host that nobody takes away. There must be enough left for trials that
 * kill their job themselves: a job that loses all of its attempts, twice, has its trials recorded as failed.
 */
const FALLBACK_AFTER = 3

/** An outage of the service: longer than any Retry. */
const REFUSED_MS = 600_000
const HOUR_MS = 3_600_000

/** Where capacity is short, a host is taken back as soon as it is there. */
const EARLY_MS = 8000

/** A trial bears so many deaths at one step without being blamed for them: see MAX_STARTS. */
const BEARABLE_DEATHS = 2

export function createBatch(options: BatchOptions): SimulatedBatch {
  const { clock, faults, courseOf, slots, startUpSeconds, reclaimsPerHour, runJob, log } = options
  const limit = pLimit(slots)
  const attempts: TrueAttempt[] = []
  const deaths = new Map<string, number>()
  const stops = new Set<() => void>()
  const live = new Map<string, number>()
  let jobs = 0

  const countDeath = (trial: string) => deaths.set(trial, (deaths.get(trial) ?? 0) + 1)
  const between = ([least, most]: readonly [number, number]) =>
    least + faults.chance.uniform() * (most - least)

  async function runAttempt(
    job: Job,
    jobId: string,
    attempt: number,
    losses: { count: number },
    signal: AbortSignal,
  ): Promise<Attempt> {
    const spot = losses.count < FALLBACK_AFTER
    if (!spot) faults.note('on-demand fallback')
    const host = findHost(faults, spot)
    await clock.sleep(1000 * between(startUpSeconds))
    const process = startProcess(clock, `${jobId}-${attempt}`)
    process.spared = !spot
    let trial: string | undefined
    let unreachable = false
    process.mayDie = () => spot && (trial === undefined || (deaths.get(trial) ?? 0) < BEARABLE_DEATHS)
    const truth: TrueAttempt = {
      jobId,
      attempt,
      host,
      startedAt: clock.now(),
      endedAt: undefined,
      worked: 0,
      killed: false,
    }
    attempts.push(truth)
    log(process.name, `starts on ${spot ? 'spot' : 'on-demand'} ${JSON.stringify(host)}`)

    const told = new AbortController()
    const kill = () => process.kill('Host EC2 terminated')
    const stop = () => {
      if (told.signal.aborted) return
      told.abort()
      clock.after(GRACE_MS, kill)
    }
    const reclaim = () => {
      if (truth.endedAt !== undefined || !process.mayDie()) return
      if (faults.strikes('reclaimed with notice')) return stop()
      faults.note('reclaimed without notice')
      if (faults.strikes('twin attempt')) {
        unreachable = true
        return lost('out of reach')
      }
      kill()
    }
    let lost: (reason: string) => void = () => {}
    const outOfReach = new Promise<string>((resolve) => {
      lost = resolve
    })
    if (spot && reclaimsPerHour > 0) {
      const early = faults.strikes('reclaimed at once')
      const hours = -Math.log(1 - faults.chance.uniform()) / reclaimsPerHour
      clock.after(early ? EARLY_MS * faults.chance.uniform() : hours * HOUR_MS, reclaim)
    }
    signal.addEventListener('abort', stop)
    stops.add(stop)

    const end = (killed: boolean) => {
      truth.endedAt ??= clock.now()
      truth.killed = killed
    }
    const environment = {
      ...job.environment,
      AWS_BATCH_JOB_ID: jobId,
      AWS_BATCH_JOB_ATTEMPT: String(attempt),
    }
    const work = runJob(environment, {
      process,
      machine: machineOf(clock, host, process),
      courseOf,
      signal: told.signal,
      now: clock.now,
      work: async (ms) => {
        await process.sleep(ms / host.speed)
        truth.worked += ms
      },
      outOfMemory: () => {
        process.kill('OutOfMemoryError: Container killed due to memory usage')
        return process.never()
      },
      onTrial: (key) => {
        trial = key
        log(process.name, `takes up trial ${key}`)
        if (!unreachable) return
        // A host out of reach is as good as dead to all others, whatever it still begins.
        if (process.mayDie()) countDeath(key)
        else process.kill('out of reach')
      },
    }).then(({ exit, error }) => {
      end(false)
      const said = error === undefined ? '' : `${firstLine(error)} `
      return { exitCode: exit, reason: exit === EXIT.done ? '' : `${said}(exit code ${exit})` }
    })
    const killed = process.killed.then((reason) => {
      end(true)
      return { exitCode: null, reason }
    })
    const gone = outOfReach.then((reason) => ({ exitCode: null, reason }))
    const { exitCode, reason } = await Promise.race([work, killed, gone])
    signal.removeEventListener('abort', stop)
    stops.delete(stop)
    log(process.name, reason === '' ? 'is done' : `ends: ${reason}`)

    if (exitCode === null && trial !== undefined) countDeath(trial)
    if (exitCode !== EXIT.done && !reason.startsWith('OutOfMemory')) losses.count++
    return {
      name: job.name,
      jobId,
      attempt,
      exitCode,
      signal: null,
      startedAt: truth.startedAt,
      endedAt: clock.now(),
      reason,
    }
  }

  let refusedUntil = 0
  async function accept(): Promise<void> {
    await clock.sleep(100)
    if (faults.strikes('submission refused for long')) refusedUntil = clock.now() + REFUSED_MS
    if (faults.strikes('submission throttled') || clock.now() < refusedUntil)
      throw new StateFailure('Batch.AWSBatchException', 'Too Many Requests')
  }

  return {
    attempts,
    live: (since) => [...live.values()].filter((submittedAt) => submittedAt >= since).length,
    disconnect: () => {
      for (const stop of stops) stop()
    },
    async submit(job, signal) {
      await accept()
      signal.throwIfAborted()
      const jobId = `job${++jobs}`
      log(jobId, `submitted: ${job.name} ${job.environment.TRELLIS_INPUT}`)
      const losses = { count: 0 }
      live.set(jobId, clock.now())
      return limit(async () => {
        const ended: Attempt[] = []
        for (let attempt = 1; attempt <= job.attempts; attempt++) {
          signal.throwIfAborted()
          const one = await runAttempt(job, jobId, attempt, losses, signal)
          ended.push(one)
          if (one.exitCode === EXIT.done || one.exitCode === EXIT.hopeless) break
        }
        const succeeded = ended.at(-1)?.exitCode === EXIT.done
        if (!succeeded) signal.throwIfAborted()
        return { jobId, succeeded, attempts: ended }
      }).finally(() => live.delete(jobId))
    },
  }
}
