import { z } from 'zod'
import { hashSchema } from '../nas/runs/contract.ts'
import { mapObjects } from '../nas/runs/map-objects.ts'
import { failed, putResult } from '../nas/runs/result.ts'
import { lambdaFunction, runEvent } from './lambda-function.ts'

const eventSchema = z.object({ ...runEvent, trials: z.array(hashSchema), cause: z.string() })

/** Records as failed what a job that failed for good has left without a result. */
export const recordFailure = lambdaFunction(
  'RecordFailure',
  eventSchema,
  async ({ trials, cause }, { store }) => {
    const recorded = await mapObjects(trials, (trial) => putResult(store, trial, failed(cause)))
    return { recorded: recorded.filter(Boolean).length }
  },
)
