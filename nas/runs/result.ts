import { z } from 'zod'
import { getJson, jsonBytes, requireJson } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { trialKeys } from './keys.ts'

const unit = z.number().min(0).max(1)

const common = {
  status: z.literal('succeeded'),
  /** Of the last steps of training. */
  loss: z.number().nonnegative(),
  /** Of the cell and its classifier in a proxy trial, else of the whole network; of a supernet, the one derived. */
  parameters: z.int().positive(),
  multiplyAdds: z.int().positive(),
}

const segmentedSchema = z
  .strictObject({
    ...common,
    /** Mean IoU over the validation images. */
    score: unit,
    /** IoU by class; null for a class that was neither there nor predicted. */
    iou: z.array(unit.nullable()).readonly(),
    pixelAccuracy: unit,
  })
  .readonly()

const classifiedSchema = z
  .strictObject({
    ...common,
    /** Top-1 accuracy over the validation images. */
    score: unit,
    /** Top-5 accuracy. */
    top5: unit,
  })
  .readonly()

const failedSchema = z
  .strictObject({ status: z.literal('failed'), reason: z.string().min(1).max(1000) })
  .readonly()

/** What became of a trial. It holds no time: equal trials have equal results. */
const resultSchema = z.union([segmentedSchema, classifiedSchema, failedSchema])
export type Segmented = z.infer<typeof segmentedSchema>
export type Classified = z.infer<typeof classifiedSchema>
export type Succeeded = Segmented | Classified
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
  const parsed = schemaOf(result).safeParse(result)
  return store.putIfAbsent(
    trialKeys(trial).result,
    jsonBytes(parsed.success ? parsed.data : failed(flaw(parsed.error))),
  )
}

/** The one that a result is meant for, whose complaint says what is wrong with it. */
const schemaOf = (result: Result): z.ZodType<Result> =>
  result.status === 'failed' ? failedSchema : 'iou' in result ? segmentedSchema : classifiedSchema

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
