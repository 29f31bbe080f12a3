import type { Handlers } from '../../functions/handlers.ts'
import { StateFailure } from '../interpreter/failure.ts'
import { invoke } from '../lambda.ts'
import type { VirtualClock } from './clock.ts'
import type { Faults } from './faults.ts'
import { type SimulatedProcess, startProcess } from './process.ts'

export interface LambdaOptions {
  readonly clock: VirtualClock
  readonly faults: Faults
  /** The functions as a process runs them; each call has a process of its own. */
  readonly handlersIn: (process: SimulatedProcess, name: string) => Handlers
  readonly log: (who: string, what: string) => void
}

/** No function runs longer. */
const MOST_MS = 900_000
const SOON_MS = 2000

/**
 * `lambda:invoke`. A call that the caller gives up, or whose reply is lost, runs on; so does one that was delivered twice.
 */
export function createLambda({ clock, faults, handlersIn, log }: LambdaOptions) {
  let calls = 0

  function call(args: unknown): Promise<unknown> {
    const { FunctionName } = args as { readonly FunctionName: string }
    const process = startProcess(clock, `${FunctionName}#${++calls}`)
    log(process.name, `called: ${JSON.stringify(args)}`)
    const expire = clock.after(MOST_MS, () => process.kill('Task timed out after 900 seconds'))
    if (faults.strikes('function killed'))
      clock.after(faults.chance.uniform() * SOON_MS, () => process.kill('Runtime exited: signal: killed'))
    const killed = process.killed.then((reason) => {
      throw new StateFailure('Lambda.Unknown', reason)
    })
    const reply = Promise.race([invoke(handlersIn(process, FunctionName), args), killed])
    const tell = (how: string) => {
      expire()
      log(process.name, how)
    }
    reply.then(
      () => tell('answered'),
      (error: unknown) => tell(`failed: ${(error as Error).message.slice(0, 300)}`),
    )
    return reply
  }

  return async (args: unknown, signal: AbortSignal): Promise<unknown> => {
    await clock.sleep(20, signal)
    if (faults.strikes('function throttled'))
      throw new StateFailure('Lambda.TooManyRequestsException', 'Rate Exceeded')
    const reply = call(args)
    if (faults.strikes('function called twice'))
      clock.after(faults.chance.uniform() * SOON_MS, () => void call(args).catch(() => {}))
    if (faults.strikes('reply of a function lost')) {
      reply.catch(() => {})
      await clock.sleep(faults.chance.uniform() * SOON_MS, signal)
      throw new StateFailure('Lambda.SdkClientException', 'Unable to execute HTTP request: connection reset')
    }
    return orAborted(reply, signal)
  }
}

/** Stops waiting when the signal aborts. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
