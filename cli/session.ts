import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'
import { TrellisError } from '../nas/errors.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { getJson, jsonBytes } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/*
 * Who is running a run: `runs/<run>/sessions/<nnnn>.json`, one for each search or resume, in order. A session without an end
 * whose process is gone was killed. The next one takes the next number, and nothing is ever deleted, so that of two which
 * find a dead session only one comes after it.
 */

const sessionSchema = z
  .strictObject({
    host: z.string(),
    pid: z.int(),
    /** Tells the process from a later one of the same number; empty where the system does not say. */
    born: z.string(),
    startedAt: z.int().describe('milliseconds since 1970'),
    endedAt: z.int().optional(),
  })
  .readonly()
type Session = z.infer<typeof sessionSchema>

const UNREADABLE = 'delete that object, once no process runs the run'

/** A try fails only where another process was faster, whose session the next one finds. */
const MOST_TRIES = 100

/**
 * Makes this process the one that runs the run. Returns what ends that; a process that dies ends it too.
 * @throws TrellisError `store-failed` while another process runs it, or where the store lists other sessions than it has
 */
export async function openSession(store: ObjectStore, run: string): Promise<() => Promise<void>> {
  const { session: keyOf } = runKeys(run)
  const session: Session = {
    host: hostname(),
    pid: process.pid,
    born: birthOf(process.pid),
    startedAt: Date.now(),
  }
  let next = 0
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    next = await nextNumber(store, run)
    const key = keyOf(next)
    if (await store.putIfAbsent(key, jsonBytes(session)))
      return () => store.put(key, jsonBytes({ ...session, endedAt: Date.now() }))
  }
  throw new TrellisError('store-failed', `${store.location}/${keyOf(next)} is there, but is not listed`, {
    fix: 'look at what the store does: it lists a folder without an object that it has',
  })
}

/** When the last session of a run ended, in milliseconds since 1970. */
export interface LastSession {
  readonly isOpen: boolean
  /** Undefined where it is open, or was killed. */
  readonly endedAt: number | undefined
}

/** Undefined for a run that no process has run. */
export async function lastSession(store: ObjectStore, run: string): Promise<LastSession | undefined> {
  const session = await readSession(store, run, await lastNumber(store, run))
  return session && { isOpen: isOpen(session), endedAt: session.endedAt }
}

/** The number after the largest: some may be missing, where files were deleted or copied in part. */
async function nextNumber(store: ObjectStore, run: string): Promise<number> {
  const last = await lastNumber(store, run)
  const session = await readSession(store, run, last)
  if (session !== undefined && isOpen(session))
    throw isBeingRun(run, session, `${store.location}/${runKeys(run).session(last)}`)
  return last + 1
}

/** -1 before the first session. */
async function lastNumber(store: ObjectStore, run: string): Promise<number> {
  const { sessions } = runKeys(run)
  let last = -1
  for await (const key of store.list(sessions)) {
    const [, number] = /^(\d+)\.json$/.exec(key.slice(sessions.length)) ?? []
    if (number !== undefined) last = Math.max(last, Number(number))
  }
  return last
}

const readSession = async (store: ObjectStore, run: string, number: number): Promise<Session | undefined> =>
  number < 0 ? undefined : getJson(store, runKeys(run).session(number), sessionSchema, UNREADABLE)

function isBeingRun(run: string, { host, pid, startedAt }: Session, where: string): TrellisError {
  return new TrellisError(
    'store-failed',
    `run ${run} is being run by process ${pid} on ${host} since ${new Date(startedAt).toISOString()}`,
    {
      fix:
        host === hostname()
          ? `wait for it, or stop it: kill ${pid}`
          : `stop it there; if it is gone, delete ${where}`,
    },
  )
}

/** A process on another computer cannot be asked, and is taken to live. */
function isOpen({ host, pid, born, endedAt }: Session): boolean {
  if (endedAt !== undefined) return false
  return host !== hostname() || (isAlive(pid) && birthOf(pid) === born)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The time since boot at which a process began, in clock ticks: field 22 of proc_pid_stat(5), Linux only. */
function birthOf(pid: number): string {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return ''
  // The second field is the name in parentheses, which may hold anything.
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return fields[19] ?? ''
}
