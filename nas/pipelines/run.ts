import { z } from 'zod'
import { TrellisError } from '../errors.ts'
import { runNameSchema } from '../runs/config.ts'
import { hashSchema } from '../runs/contract.ts'
import { datasetFactsSchema } from '../runs/dataset.ts'
import { runKeys } from '../runs/keys.ts'
import { rentalPricesSchema } from '../runs/prices.ts'
import { requireJson } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { type Config, type ConfigOf, configSchema, type PipelineName } from './config.ts'

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
    /** Of a run on this computer: its processor, for which latencies are measured. */
    device: z.string().min(1).optional(),
    /** Hash of the file that `config.search.cost.table` names. */
    latencyTable: hashSchema.optional(),
    code: z.string().describe('version of Trellis'),
    startedAt: z.int().nonnegative().describe('milliseconds since 1970'),
  })
  .readonly()

/** Of any pipeline, or of the one whose configuration is given. */
export type RunRecord<C extends Config = Config> = Omit<z.infer<typeof runRecordSchema>, 'config'> & {
  readonly config: C
}
export type RunOf<P extends PipelineName> = RunRecord<ConfigOf<P>>
export type DpcRun = RunOf<'dpc'>
export type DenseNasRun = RunOf<'densenas'>

/** @throws TrellisError `not-found` where the store knows no such run */
export const readRun = (store: ObjectStore, run: string): Promise<RunRecord> =>
  requireJson(store, runKeys(run).config, runRecordSchema, 'start the run first, or name another store')

/** The same run, known to be one of a pipeline. @throws TrellisError `invalid-pipeline` where it is of another */
export function runOf<P extends PipelineName>(record: RunRecord, pipeline: P): RunOf<P> {
  if (isOf(record, pipeline)) return record
  throw new TrellisError(
    'invalid-pipeline',
    `run ${record.run} is of ${record.config.pipeline}, not of ${pipeline}`,
    {
      fix: `name a run of ${pipeline}`,
    },
  )
}

const isOf = <P extends PipelineName>(record: RunRecord, pipeline: P): record is RunOf<P> =>
  record.config.pipeline === pipeline

/** @throws TrellisError `not-found`, `invalid-pipeline` */
export const readRunOf = async <P extends PipelineName>(
  store: ObjectStore,
  run: string,
  pipeline: P,
): Promise<RunOf<P>> => runOf(await readRun(store, run), pipeline)
