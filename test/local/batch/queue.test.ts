import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Attempt, Job } from '../../../local/batch/job.ts'
import { createQueue, type QueueOptions } from '../../../local/batch/queue.ts'
import { HANG_MS } from '../../hang.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const bundle = here('job.mjs')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-queue-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const trace = (): string[] => {
  const file = join(folder, 'trace')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}
const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: HANG_MS })

const queue = (options: Partial<QueueOptions> = {}) => createQueue({ bundle, slots: 2, ...options })
const job = (ACT: string, more: Partial<Job> = {}): Job => ({
  name: ACT,
  environment: { ACT, FOLDER: folder },
  attempts: 3,
  timeoutSeconds: HANG_MS / 1000,
  ...more,
})
const never = new AbortController().signal

test('a job has its environment, an id of its own, and the number of the attempt', async () => {
  const outcome = await queue().submit(job('ok'), never)
  expect(outcome).toMatchObject({ succeeded: true, attempts: [{ attempt: 1, exitCode: 0, reason: '' }] })
  expect(trace()).toEqual([`ok ${outcome.jobId} 1`])
})

test('as many jobs as there are slots run at once, and no more', async () => {
  const one = queue({ slots: 1 })
  await Promise.all([one.submit(job('nap'), never), one.submit(job('nap'), never)])
  expect(trace()).toEqual(['begin', 'end', 'begin', 'end'])
  const two = queue({ slots: 2 })
  await Promise.all([two.submit(job('meet'), never), two.submit(job('meet'), never)])
})

test('exit 75 is retried, under the same job id', async () => {
  const outcome = await queue().submit(job('flaky'), never)
  expect(outcome.succeeded).toBe(true)
  expect(outcome.attempts.map(({ exitCode }) => exitCode)).toEqual([75, 75, 0])
  expect(new Set(outcome.attempts.map(({ jobId }) => jobId)).size).toBe(1)
})

test('exit 2 is not retried; the last line on stderr is the reason', async () => {
  const outcome = await queue().submit(job('impossible'), never)
  expect(outcome.succeeded).toBe(false)
  expect(outcome.attempts).toMatchObject([{ exitCode: 2, reason: 'the input is bad' }])
})

test('an uncaught error is retried to the last attempt; its message is the reason, not what Node adds', async () => {
  const outcome = await queue().submit(job('throws'), never)
  expect(outcome.attempts.map(({ reason }) => reason)).toEqual(
    Array(3).fill('TypeError: a defect (exit code 1)'),
  )
})

test('death by signal is retried, and told attempt by attempt', async () => {
  const ended: Attempt[] = []
  const outcome = await queue({ onAttemptEnd: (attempt) => void ended.push(attempt) }).submit(
    job('killed', { attempts: 2 }),
    never,
  )
  expect(outcome.succeeded).toBe(false)
  expect(ended).toEqual(outcome.attempts)
  expect(ended).toMatchObject([
    { attempt: 1, signal: 'SIGKILL', exitCode: null, reason: 'killed by SIGKILL' },
    { attempt: 2, signal: 'SIGKILL' },
  ])
  expect(ended[0]!.endedAt).toBeGreaterThanOrEqual(ended[0]!.startedAt)
})

test('a clock that is set back meanwhile makes no attempt end before it began', async () => {
  const running = queue().submit(job('nap'), never)
  await until(() => trace().includes('begin'))
  const anHourAgo = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000)
  const { attempts } = await running
  anHourAgo.mockRestore()
  expect(attempts[0]!.endedAt - attempts[0]!.startedAt).toBeGreaterThanOrEqual(100)
})

test('an attempt that went well is not reported as ended', async () => {
  const onAttemptEnd = vi.fn()
  await queue({ onAttemptEnd }).submit(job('ok'), never)
  expect(onAttemptEnd).not.toHaveBeenCalled()
})

test('an attempt over its time is ended, and as on AWS the job is not retried', async () => {
  const outcome = await queue().submit(job('polite', { timeoutSeconds: 0.5 }), never)
  expect(outcome.succeeded).toBe(false)
  expect(outcome.attempts).toMatchObject([{ reason: expect.stringContaining('exceeded timeout') }])
})

test('an abort asks the job to stop, lets it leave a checkpoint, and starts nothing more', async () => {
  const stop = new AbortController()
  const one = queue({ slots: 1 })
  const running = one.submit(job('polite'), stop.signal)
  const waiting = one.submit(job('ok'), stop.signal)
  await until(() => trace().includes('started'))
  stop.abort(new Error('interrupted'))
  await expect(running).rejects.toThrow('interrupted')
  await expect(waiting).rejects.toThrow('interrupted')
  expect(trace()).toEqual(['started', 'checkpoint'])
})

test('a job that ignores SIGTERM is killed after the grace period', async () => {
  const stop = new AbortController()
  const ended: Attempt[] = []
  const stubborn = queue({ graceMs: 100, onAttemptEnd: (attempt) => void ended.push(attempt) }).submit(
    job('stubborn', { attempts: 1 }),
    stop.signal,
  )
  await until(() => trace().includes('started'))
  stop.abort(new Error('interrupted'))
  await expect(stubborn).rejects.toThrow('interrupted')
  expect(ended).toMatchObject([{ signal: 'SIGKILL' }])
})

test('progress is passed on with the job it is of; other messages are not', async () => {
  const onProgress = vi.fn()
  const { jobId } = await queue({ onProgress }).submit(job('progress'), never)
  await queue({ onProgress }).submit(job('gossip'), never)
  expect(onProgress.mock.calls).toEqual([
    [{ kind: 'progress', trial: 't', step: 1, steps: 2, loss: 0.5, jobId }],
  ])
})

test('when this process is killed, its whole process group too, its jobs notice and end by themselves', async () => {
  const parent = spawn(process.execPath, ['--import', 'tsx', here('parent.ts'), bundle, folder], {
    stdio: 'ignore',
    detached: true,
  })
  await until(() => existsSync(join(folder, 'pid')) && readFileSync(join(folder, 'pid'), 'utf8') !== '')
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  expect(process.kill(pid, 0)).toBe(true)
  process.kill(-parent.pid!, 'SIGKILL')
  await until(() => trace().includes('disconnect'))
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: HANG_MS })
})
