import { z } from 'zod'
import { testScoreSchema } from './test-score.ts'
import { unit } from './unit.ts'

export { unit }

/** Optional, so that the bytes of results that have none are what they were. */
export const onlyClassSchema = z
  .int()
  .nonnegative()
  .optional()
  .describe('the label that is predicted everywhere, where one is: the network tells nothing apart')

/** What the result of every training that succeeded holds, whatever its task. It holds no time: equal trials have equal results. */
export const succeeded = {
  status: z.literal('succeeded'),
  score: unit.describe('by which networks are ranked'),
  onlyClass: onlyClassSchema,
  test: testScoreSchema.optional().describe('over the test images, where some were kept aside'),
  loss: z.number().nonnegative().describe('mean over the last steps of training'),
  parameters: z
    .int()
    .positive()
    .describe('of what was trained, without a frozen backbone; of a supernet, of the network derived'),
  multiplyAdds: z.int().positive().describe('likewise, for one image'),
}

/** The label that a network predicts everywhere, for what is told of it elsewhere. */
export const onlyClassOf = ({
  onlyClass,
}: {
  readonly onlyClass?: number | undefined
}): Pick<Succeeded, 'onlyClass'> => (onlyClass === undefined ? {} : { onlyClass })

/** A success, with figures of its task beside those of every task. */
export const succeededSchema = z.looseObject(succeeded).readonly()
const strictSchema = z.object(succeeded).readonly()
export type Succeeded = z.infer<typeof strictSchema>
