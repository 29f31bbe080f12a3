import { z } from 'zod'
import { hashSchema } from '../nas/runs/contract.ts'
import { type JobFailure, jobFailureSchema } from '../nas/runs/job-failure.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { jsonBytes } from '../nas/store/json.ts'
import { lambdaFunction, runEvent } from './lambda-function.ts'

const eventSchema = z.object({ ...runEvent, trials: z.array(hashSchema), cause: z.string() })

/**
 * Notes why a job has failed for good: a map whose job does is at an end, and AWS tells of it that there was a failure, not which.
 * It is no result of its trials, whose own failures a job records itself.
 */
export const recordFailure = lambdaFunction(
  'RecordFailure',
  eventSchema,
  async ({ run, cause }, { store }) => {
    const failure: JobFailure = jobFailureSchema.parse({ cause })
    await store.put(runKeys(run).jobFailure, jsonBytes(failure))
    return { cause }
  },
)
