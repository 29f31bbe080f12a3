import { z } from 'zod'
import { getJson, jsonBytes } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { runKeys } from './keys.ts'
import { mapObjects } from './map-objects.ts'

/** A trial whose attempts have ended so often at the same step gets no further. */
export const MAX_STARTS = 3

const startSchema = z
  .strictObject({
    step: z.int().nonnegative(),
    checked: z.literal(true).optional().describe('other work had survived on its machine right before'),
    error: z.string().optional().describe('what ended the attempt, where it could still say so'),
  })
  .readonly()
export type Start = z.infer<typeof startSchema>

/** A trial, and the attempt of a job of a run that works on it. Runs that share a store share no starts. */
export interface TrialAttempt {
  readonly run: string
  readonly trial: string
  readonly jobId: string
  readonly attempt: number
}

const keyOf = ({ run, trial, jobId, attempt }: TrialAttempt): string =>
  runKeys(run).start(trial, jobId, attempt)

/** Notes that an attempt starts a trial. @returns what other attempts of the run have started it from that step */
export async function recordStart(
  store: ObjectStore,
  attempt: TrialAttempt,
  start: Start,
): Promise<readonly Start[]> {
  const keys = runKeys(attempt.run)
  const own = keyOf(attempt)
  await noteStart(store, attempt, start)
  const others: Start[] = []
  for await (const key of store.list(keys.starts(attempt.trial))) {
    const other = key === own ? undefined : await getJson(store, key, startSchema)
    if (other?.step === start.step) others.push(other)
  }
  return others
}

/** Notes more of the start of an attempt: that its machine is sound, or which error has ended it. */
export const noteStart = (store: ObjectStore, attempt: TrialAttempt, start: Start): Promise<void> =>
  store.put(keyOf(attempt), jsonBytes(start))

/** Removes the start of an attempt whose end is not the fault of the trial. */
export const retractStart = (store: ObjectStore, attempt: TrialAttempt): Promise<void> =>
  store.delete(keyOf(attempt))

/**
 * Removes what a run knows of failed attempts at trials: when it is resumed, each has its full number of attempts again, and one
 * that has failed for an unknown reason is tried again.
 */
export async function forgetAttempts(
  store: ObjectStore,
  run: string,
  trials: readonly string[],
): Promise<void> {
  const keys = runKeys(run)
  await mapObjects(trials, async (trial) => {
    await store.delete(keys.failure(trial))
    for await (const key of store.list(keys.starts(trial))) await store.delete(key)
  })
}
