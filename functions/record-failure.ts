import { z } from 'zod'
import { hashSchema } from '../nas/runs/contract.ts'
import { mapObjects } from '../nas/runs/map-objects.ts'
import { putFailure } from '../nas/runs/result.ts'
import { lambdaFunction, runEvent } from './lambda-function.ts'

const eventSchema = z.object({ ...runEvent, trials: z.array(hashSchema), cause: z.string() })

/** Records as failed the trials that a job has left without a result when it failed for good. */
export const recordFailure = lambdaFunction(
  'RecordFailure',
  eventSchema,
  async ({ trials, cause }, { store }) => {
    const recorded = await mapObjects(trials, (trial) => putFailure(store, trial, cause))
    return { recorded: recorded.filter(Boolean).length }
  },
)
