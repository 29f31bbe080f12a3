import { EXIT } from '../../../nas/runs/job.ts'
import type { Attempt } from '../../batch/job.ts'
import { findHost } from '../host.ts'
import { scheduleReclaim } from './reclaim.ts'
import { type AttemptRequest, begin, type Exit, ended, type Running, work } from './running.ts'
import type { BatchState, RunningJob } from './state.ts'

/** From the notice, or the wish, that a job stop to its end by force. */
const GRACE_MS = 120_000

/**
 * Attempts that a job may lose before it is given a host that is not reclaimed. There must be enough left for trials that
 * kill their job themselves: a job that loses all of its attempts, twice, has its trials recorded as failed.
 */
const FALLBACK_AFTER = 3

const TERMINATED = 'Host EC2 terminated'

/** Runs one attempt of a job, from the search for a host to its end as Batch sees it. */
export async function runAttempt(batch: BatchState, request: AttemptRequest): Promise<Attempt> {
  const { clock, faults, log, runningJobs, startUpSeconds, deaths } = batch
  const { job, jobId, attempt, losses, signal } = request
  const spot = losses.count < FALLBACK_AFTER
  if (!spot) faults.note('on-demand fallback')
  const host = findHost(faults, batch.pool, spot)
  const [least, most] = startUpSeconds
  await clock.sleep(1000 * (least + faults.chance.uniform() * (most - least)))
  // Stopped before its process began: nobody is told, and nothing begins.
  signal.throwIfAborted()
  const running = begin(batch, request, host)
  const { process, truth, progress } = running
  log(process.name, `starts on ${spot ? 'spot' : 'on-demand'} ${JSON.stringify(host)}`)

  if (host.killsAfter !== undefined) clock.after(host.killsAfter, () => process.kill('Segmentation fault'))
  const stopping = new AbortController()
  const stop = () => {
    if (stopping.signal.aborted) return
    stopping.abort()
    clock.after(GRACE_MS, () => process.kill(TERMINATED))
  }
  const outOfReach = reclaimed(batch, running, stop)
  signal.addEventListener('abort', stop)
  const whileItRuns: RunningJob = { run: truth.run, stop, kill: () => process.kill('power lost') }
  runningJobs.add(whileItRuns)
  const { exitCode, reason } = await Promise.race([
    work(batch, request, running, stopping.signal),
    process.killed.then((reason) => ended(batch, truth, true, { exitCode: null, reason })),
    outOfReach,
  ])
  signal.removeEventListener('abort', stop)
  runningJobs.delete(whileItRuns)
  log(process.name, reason === '' ? 'is done' : `ends: ${reason}`)

  if (exitCode === null && progress.trial !== undefined) deaths.count(truth.run, progress.trial)
  if (exitCode !== EXIT.done && !reason.startsWith('OutOfMemory')) losses.count++
  const { startedAt } = truth
  return { name: job.name, jobId, attempt, exitCode, signal: null, startedAt, endedAt: clock.now(), reason }
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
