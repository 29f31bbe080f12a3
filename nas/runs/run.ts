import { z } from 'zod'
import { requireJson } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { configSchema, runNameSchema } from './config.ts'
import { hashSchema } from './contract.ts'
import { datasetFactsSchema } from './dataset.ts'
import { runKeys } from './keys.ts'
import { rentalPricesSchema } from './prices.ts'

/** What is known of a run before it does anything. */
export const runRecordSchema = z
  .strictObject({
    run: runNameSchema,
    config: configSchema,
    dataset: datasetFactsSchema,
    /** Hash of the file that `config.backbone.weights` names. */
    backboneWeights: hashSchema.optional(),
    /** On AWS: of an hour of a job. Absent on this computer, where the built-in table says what cards would cost. */
    prices: rentalPricesSchema.optional(),
    code: z.string().describe('version of Trellis'),
    startedAt: z.int().nonnegative().describe('milliseconds since 1970'),
  })
  .readonly()
export type RunRecord = z.infer<typeof runRecordSchema>

/** @throws TrellisError `not-found` where the store knows no such run */
export const readRun = (store: ObjectStore, run: string): Promise<RunRecord> =>
  requireJson(store, runKeys(run).config, runRecordSchema, 'start the run first, or name another store')
