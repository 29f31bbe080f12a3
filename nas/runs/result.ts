import { z } from 'zod'
import { TrellisError } from '../errors.ts'
import { getJson, getSound, jsonBytes, RESUME } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { type Succeeded, succeededSchema } from '../tasks/result.ts'
import { runKeys, trialKeys } from './keys.ts'
import { mapObjects } from './map-objects.ts'

const failedSchema = z
  .strictObject({ status: z.literal('failed'), reason: z.string().min(1).max(1000) })
  .readonly()
export type Failed = z.infer<typeof failedSchema>

/** The outcome of a trial. @typeParam S a success, as the trial's task defines it */
export type Result<S extends Succeeded = Succeeded> = S | Failed

const resultSchema = <S extends Succeeded>(success: z.ZodType<S>): z.ZodType<Result<S>> =>
  z.union([success, failedSchema])

export const failed = (reason: string): Failed => ({
  status: 'failed',
  reason: reason.slice(0, 1000) || 'unknown',
})

/**
 * Records the outcome of a trial; a result that is none, such as a score of NaN, is recorded as a failure.
 * True for the one that counts, false for every later one, which is dropped.
 */
export function putResult<S extends Succeeded>(
  store: ObjectStore,
  trial: string,
  result: Result<S>,
  success: z.ZodType<S>,
): Promise<boolean> {
  const schema: z.ZodType<Result<S>> = result.status === 'failed' ? failedSchema : success
  const parsed = schema.safeParse(result)
  return store.putIfAbsent(
    trialKeys(trial).result,
    jsonBytes(parsed.success ? parsed.data : failed(flaw(parsed.error))),
  )
}

/** Records that a trial has failed in a run by what may be the fault of its machines: other runs try it themselves. */
export const putRunFailure = (
  store: ObjectStore,
  run: string,
  trial: string,
  reason: string,
): Promise<void> => store.put(runKeys(run).failure(trial), jsonBytes(failed(reason)))

function flaw({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!
  return `not a result: ${path.join('.')}: ${message}`
}

type Reader = Pick<ObjectStore, 'get' | 'location'>

/** The outcome of a trial of any task. */
export const getResult = (store: Reader, trial: string): Promise<Result | undefined> =>
  getResultOf(store, trial, succeededSchema)

/** The outcome of a trial whose task is known. */
export const getResultOf = <S extends Succeeded>(
  store: Reader,
  trial: string,
  success: z.ZodType<S>,
): Promise<Result<S> | undefined> => getJson(store, trialKeys(trial).result, resultSchema(success))

/** The failure of a trial that only this run knows: see `putRunFailure`. */
export const getRunFailure = (store: Reader, run: string, trial: string): Promise<Failed | undefined> =>
  getJson(store, runKeys(run).failure(trial), failedSchema, RESUME)

/** What a trial has come to, as far as a run knows. */
export const getOutcome = async (store: Reader, run: string, trial: string): Promise<Result | undefined> =>
  (await getResult(store, trial)) ?? (await getRunFailure(store, run, trial))

/** The trials that have come to nothing yet, as far as a run knows. What is damaged counts for nothing. @param trials without a result */
export async function notFailedIn(
  store: Reader,
  run: string,
  trials: readonly string[],
): Promise<readonly string[]> {
  const failures = await mapObjects(trials, (trial) =>
    getSound(store, runKeys(run).failure(trial), failedSchema),
  )
  return trials.filter((_, i) => failures[i] === undefined)
}

const TRIED_AGAIN = '; a new run tries it again'

/**
 * What a trial of a run has come to when its job has ended well.
 * @throws TrellisError `not-found` where that is gone since then
 */
export async function finalResult<S extends Succeeded>(
  store: Reader,
  run: string,
  trial: string,
  success: z.ZodType<S>,
): Promise<Result<S>> {
  const result = await getResultOf(store, trial, success)
  if (result !== undefined) return result
  const failure = await getRunFailure(store, run, trial)
  if (failure !== undefined)
    return failed(`${failure.reason.slice(0, 1000 - TRIED_AGAIN.length)}${TRIED_AGAIN}`)
  throw new TrellisError('not-found', `${store.location}/${trialKeys(trial).result} does not exist`, {
    fix: 'resume the run: what has no result is trained again',
  })
}
