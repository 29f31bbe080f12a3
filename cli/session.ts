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

/**
 * Makes this process the one that runs the run. Returns what ends that; a process that dies ends it too.
 * @throws TrellisError `store-failed` while another process runs it
 */
export async function openSession(store: ObjectStore, run: string): Promise<() => Promise<void>> {
  const { sessions, session: keyOf } = runKeys(run)
  let count = 0
  for await (const _ of store.list(sessions)) count++
  const last = count === 0 ? undefined : await getJson(store, keyOf(count - 1), sessionSchema, UNREADABLE)
  if (last !== undefined && isOpen(last)) {
    throw new TrellisError(
      'store-failed',
      `run ${run} is being run by process ${last.pid} on ${last.host} since ${new Date(last.startedAt).toISOString()}`,
      {
        fix:
          last.host === hostname()
            ? `wait for it, or stop it: kill ${last.pid}`
            : `stop it there; if it is gone, delete ${store.location}/${keyOf(count - 1)}`,
      },
    )
  }
  const session: Session = {
    host: hostname(),
    pid: process.pid,
    born: birthOf(process.pid),
    startedAt: Date.now(),
  }
  const key = keyOf(count)
  // Another process was faster: the next try finds its session.
  if (!(await store.putIfAbsent(key, jsonBytes(session)))) return openSession(store, run)
  return () => store.put(key, jsonBytes({ ...session, endedAt: Date.now() }))
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
