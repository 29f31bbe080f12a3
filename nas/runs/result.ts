import { z } from 'zod'
import { getJson, jsonBytes, requireJson } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { trialKeys } from './keys.ts'

const unit = z.number().min(0).max(1)

const succeededSchema = z
  .strictObject({
    status: z.literal('succeeded'),
    /** Mean IoU over the validation images. */
    score: unit,
    /** IoU by class; null for a class that was neither there nor predicted. */
    iou: z.array(unit.nullable()).readonly(),
    pixelAccuracy: unit,
    /** Of the last steps of training. */
    loss: z.number().nonnegative(),
    /** Of the cell and its classifier in a proxy trial, of the whole network in a full one. */
    parameters: z.int().positive(),
    multiplyAdds: z.int().positive(),
  })
  .readonly()
const failedSchema = z
  .strictObject({ status: z.literal('failed'), reason: z.string().min(1).max(1000) })
  .readonly()

/** What became of a trial. It holds no time: equal trials have equal results. */
const resultSchema = z.discriminatedUnion('status', [succeededSchema, failedSchema])
export type Succeeded = z.infer<typeof succeededSchema>
export type Failed = z.infer<typeof failedSchema>
export type Result = z.infer<typeof resultSchema>

export const failed = (reason: string): Failed => ({
  status: 'failed',
  reason: reason.slice(0, 1000) || 'unknown',
})

/**
 * Records what became of a trial; a result that is none, such as a score of NaN, is recorded as a failure.
 * True for the one that counts, false for every later one, which is dropped.
 */
export function putResult(store: ObjectStore, trial: string, result: Result): Promise<boolean> {
  const parsed = resultSchema.safeParse(result)
  return store.putIfAbsent(
    trialKeys(trial).result,
    jsonBytes(parsed.success ? parsed.data : failed(flaw(parsed.error))),
  )
}

function flaw({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!
  return `not a result: ${path.join('.')}: ${message}`
}

export const getResult = (
  store: Pick<ObjectStore, 'get' | 'location'>,
  trial: string,
): Promise<Result | undefined> => getJson(store, trialKeys(trial).result, resultSchema)

/** The result of a trial whose job has ended; where that left none, the trial is recorded as failed. */
export async function finalResult(store: ObjectStore, trial: string): Promise<Result> {
  const result = await getResult(store, trial)
  if (result !== undefined) return result
  await putResult(store, trial, failed('its job ended without a result'))
  return requireJson(store, trialKeys(trial).result, resultSchema, 'run this step again')
}
