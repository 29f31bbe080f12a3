import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { Context } from 'aws-lambda'
import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { openStore } from '../../nas/store/open.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { LambdaFunction } from '../lambda-function.ts'
import { type Figures, UNITS } from './figures.ts'

/** What of an event is worth a field in every line of the log. */
const labelled = z.object({ run: z.string() })

/** Reads what the dashboard shows of a run, after a function has changed it. */
type Observe = (store: ObjectStore, run: string) => Promise<Figures>

/**
 * A function as Lambda calls it: on the store of the deployment, which TRELLIS_STORE names, with structured logs and
 * metrics. Called again with an event it has answered, it gives the same answer, as the function itself does.
 */
export function onLambda<Output>(make: LambdaFunction<Output>, observe?: Observe) {
  const store = openStore(z.string().min(1).parse(process.env.TRELLIS_STORE))
  const call = make({ store })
  const logger = new Logger()
  return async (event: unknown, context: Context): Promise<Output> => {
    const run = labelled.safeParse(event).data?.run ?? 'unknown'
    logger.addContext(context)
    logger.appendKeys({ run })
    const metrics = new Metrics({ defaultDimensions: { run } })
    metrics.captureColdStartMetric(context.functionName)
    try {
      logger.info('called', { event })
      const output = await call(event)
      logger.info('answered', { output })
      for (const [name, value] of Object.entries((await observe?.(store, run)) ?? {}))
        metrics.addMetric(name, UNITS[name as keyof Figures], value)
      return output
    } catch (thrown) {
      logger.error('failed', thrown instanceof Error ? thrown : new Error(String(thrown)))
      throw forStepFunctions(thrown)
    } finally {
      metrics.publishStoredMetrics()
      logger.resetKeys()
    }
  }
}

/** Only an error's name and message get through to the execution: what to do about it goes with the message. */
function forStepFunctions(thrown: unknown): unknown {
  if (!(thrown instanceof TrellisError) || thrown.fix === undefined) return thrown
  return new TrellisError(thrown.code, `${thrown.message}; ${thrown.fix}`, { cause: thrown })
}
