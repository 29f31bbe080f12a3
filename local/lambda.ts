import { z } from 'zod'
import type { Handlers } from '../functions/handlers.ts'
import { TrellisError } from '../nas/errors.ts'
import { StateFailure } from './interpreter/failure.ts'

const request = z.object({ FunctionName: z.string(), Payload: z.json() })

/**
 * `lambda:invoke` in this process. What the function throws fails the task as on AWS: the error is its name, the cause
 * `{errorType, errorMessage, trace}`. What to do about it goes with the message, which is all that gets through.
 */
export async function invoke(handlers: Handlers, args: unknown): Promise<unknown> {
  const { FunctionName, Payload } = request.parse(args)
  try {
    return { StatusCode: 200, Payload: await handlers[FunctionName]!(Payload) }
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    const fix = error instanceof TrellisError && error.fix ? `; ${error.fix}` : ''
    const cause = {
      errorType: error.name,
      errorMessage: `${error.message}${fix}`,
      trace: error.stack?.split('\n'),
    }
    throw new StateFailure(error.name, JSON.stringify(cause))
  }
}
