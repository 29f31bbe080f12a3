import { z } from 'zod'
import { count, seed } from '../bounds.ts'
import { locationSchema } from '../store/location.ts'
import type { DatasetSource } from '../tasks/task.ts'
import type { Budget } from './budget.ts'
import { cardSchema } from './prices.ts'

/*
 * What the configurations of all pipelines have in common. Every key has a description, from which docs/config.md is
 * made, and wherever it is sensible a default: those of a search on a laptop.
 */

/** Of trainings that differ in nothing else: a seed that comes twice is one training, which would be counted twice. */
export const seeds = z
  .array(seed)
  .min(1)
  .max(100)
  .refine((all) => new Set(all).size === all.length, 'name each seed once')
  .readonly()
  .default([0])

export const engine = z.enum(['onnxruntime', 'tensorflow']).describe('what runs the graphs')

/** The name of a run, or its beginning: part of keys, of jobs' names and of AWS executions' names. */
export const runNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/, 'use up to 63 letters, digits and hyphens')

/** What the names of a pipeline's runs begin with. */
export const nameSchema = runNameSchema.max(40).describe('what the names of its runs begin with')

const computeSchema = z
  .strictObject({
    card: cardSchema
      .default('cpu')
      .describe('what jobs run on; cpu is this computer or, on AWS, an instance without a card'),
    spot: z
      .boolean()
      .default(true)
      .describe(
        'estimate by the price of spot capacity, which is cheaper and gets interrupted; on AWS the deployment decides what is rented',
      ),
    allowRetired: z
      .boolean()
      .default(false)
      .describe('for accounts that still can rent what AWS has retired'),
    concurrency: count(10_000)
      .optional()
      .describe('jobs at once; on this computer, as many as it has cores by default'),
    engine: engine.default('onnxruntime'),
  })
  .readonly()

export const common = {
  seed: seed.default(0).describe('all randomness comes from it'),
  compute: computeSchema.prefault({}),
  store: locationSchema
    .default('./trellis-store')
    .describe('folder or s3:// address of all runs and their results'),
}

/** What the configuration of a run of any pipeline holds, whatever else its pipeline asks for. */
export interface RunConfig {
  readonly pipeline: string
  readonly name: string
  readonly dataset: DatasetSource
  readonly seed: number
  readonly compute: z.infer<typeof computeSchema>
  readonly store: string
  readonly budget?: Budget | undefined
}

/** From a thousandth of a cent, or 36 milliseconds. */
const amount = z.number().min(1e-5).max(1e9)

/** What a budget means in every pipeline. */
export const BUDGET =
  'what the whole run may take. A run whose estimate is above it does not start; while one goes on, by its ledger, the search ends where what is left is what the comparison after it is estimated to take, which is kept for that'

/** The limits of a budget, but for those that a pipeline counts in its own way. */
export const limits = {
  usd: amount.optional().describe('dollars, by the ledger'),
  gpuHours: amount.optional().describe('hours of all jobs together, on whatever card'),
  hours: amount.optional().describe('hours by the clock in which jobs of the run are at work'),
}

export const hasLimit = (budget: Readonly<Record<string, unknown>>): boolean =>
  Object.values(budget).some((limit) => limit !== undefined)
