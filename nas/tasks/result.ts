import { z } from 'zod'

export const unit = z.number().min(0).max(1)

/** What the result of every training that succeeded holds, whatever its task. It holds no time: equal trials have equal results. */
export const succeeded = {
  status: z.literal('succeeded'),
  score: unit.describe('by which networks are ranked'),
  loss: z.number().nonnegative().describe('mean over the last steps of training'),
  parameters: z
    .int()
    .positive()
    .describe('of what was trained, without a frozen backbone; of a supernet, of the network derived'),
  multiplyAdds: z.int().positive().describe('likewise, for one image'),
}

/** A success, with figures of its task beside those of every task. */
export const succeededSchema = z.looseObject(succeeded).readonly()
export type Succeeded = { readonly [K in keyof typeof succeeded]: z.infer<(typeof succeeded)[K]> }
