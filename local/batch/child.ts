import { fork } from 'node:child_process'
import { reasonFor } from './reason.ts'

/** How a child process ended. */
export interface Exit {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly timedOut: boolean
  readonly reason: string
}

export interface ChildOptions {
  /** The JavaScript file to run. */
  readonly bundle: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number
  readonly onMessage: (message: unknown) => void
}

/** Enough for the last lines of an error. */
const keptOutput = 8_192

/**
 * Runs a child process to its end. An abort, and the time-out, ask it to stop with SIGTERM and insist with SIGKILL.
 *
 * The IPC channel carries messages and is a lifeline: it closes when this process dies, however it dies, and the child is to
 * exit then. The child has a process group of its own, so that Ctrl-C in a terminal reaches it only through here.
 */
export function runChild(options: ChildOptions, signal: AbortSignal): Promise<Exit> {
  const { bundle, environment, timeoutMs, graceMs, onMessage } = options
  return new Promise((resolve, reject) => {
    const child = fork(bundle, [], {
      env: { ...process.env, ...environment },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true,
    })
    let errors = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-keptOutput)
    })
    child.on('message', onMessage)

    let insist: NodeJS.Timeout | undefined
    const stop = () => {
      child.kill('SIGTERM')
      insist ??= setTimeout(() => child.kill('SIGKILL'), graceMs)
    }
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      stop()
    }, timeoutMs)
    signal.addEventListener('abort', stop)

    const done = () => {
      clearTimeout(timer)
      clearTimeout(insist)
      signal.removeEventListener('abort', stop)
    }
    child.on('error', (error) => {
      done()
      reject(error)
    })
    // Not 'exit': what the child wrote last may still be in the pipe.
    child.on('close', (exitCode, killedBy) => {
      done()
      resolve({ exitCode, signal: killedBy, timedOut, reason: reasonFor(exitCode, killedBy, errors) })
    })
  })
}
