import { z } from 'zod'
import { type RunConfig, runNameSchema } from './config.ts'
import { datasetFactsSchema } from './dataset.ts'
import { costSchema } from './estimate.ts'
import { rentalPricesSchema } from './prices.ts'

const known = {
  run: runNameSchema,
  dataset: datasetFactsSchema,
  /** On AWS: of an hour of a job. Absent on this computer, where a job costs nothing. */
  prices: rentalPricesSchema.optional(),
  /** Of a run on this computer: its processor, for which latencies are measured. */
  device: z.string().min(1).optional(),
  /** Where the budget limits money or time: what the comparison that ends the run is estimated to take, and is kept for it. */
  reserved: costSchema.optional(),
  code: z.string().describe('version of Trellis'),
  contract: z.int().positive().default(1).describe('of its results; runs of contract 1 do not say so'),
  startedAt: z.int().nonnegative().describe('milliseconds since 1970'),
}

type Known = { readonly [K in keyof typeof known]: z.infer<(typeof known)[K]> }

/** What is known of a run before it does anything: its configuration, and the facts that its pipeline found beside it. */
export type RunRecord<C extends RunConfig = RunConfig, F extends object = object> = Omit<
  Known,
  'prices' | 'device' | 'reserved'
> &
  Partial<Pick<Known, 'prices' | 'device' | 'reserved'>> & { readonly config: C } & F

/** @param facts optional keys that the pipeline adds */
export const recordSchema = (config: z.ZodType, facts: z.ZodRawShape) =>
  z.strictObject({ ...known, config, ...facts }).readonly()
