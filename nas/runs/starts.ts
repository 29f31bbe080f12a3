import { z } from 'zod'
import { getJson, jsonBytes } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { trialKeys } from './keys.ts'
import { mapObjects } from './map-objects.ts'

/** A trial that was started so often from the same step gets no further: it is what kills its jobs. */
export const MAX_STARTS = 3

const startSchema = z.strictObject({ step: z.int().nonnegative() }).readonly()

/** An attempt of a job. */
interface AttemptId {
  readonly jobId: string
  readonly attempt: number
}

/**
 * Notes that an attempt starts a trial from a step.
 * Returns how many attempts have started it from there, this one included.
 */
export async function recordStart(
  store: ObjectStore,
  trial: string,
  { jobId, attempt, step }: AttemptId & { readonly step: number },
): Promise<number> {
  const keys = trialKeys(trial)
  await store.put(keys.start(jobId, attempt), jsonBytes({ step }))
  let starts = 0
  for await (const key of store.list(keys.starts)) {
    const start = await getJson(store, key, startSchema)
    if (start?.step === step) starts++
  }
  return starts
}

/** Removes the start of an attempt whose end is not the fault of the trial. */
export const retractStart = (
  store: ObjectStore,
  trial: string,
  { jobId, attempt }: AttemptId,
): Promise<void> => store.delete(trialKeys(trial).start(jobId, attempt))

/** Removes all starts of trials: a resumed run gives each trial its full number of attempts again. */
export async function clearStarts(store: ObjectStore, trials: readonly string[]): Promise<void> {
  await mapObjects(trials, async (trial) => {
    for await (const key of store.list(trialKeys(trial).starts)) await store.delete(key)
  })
}
