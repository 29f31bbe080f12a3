import { z } from 'zod'
import { TrellisError } from '../errors.ts'
import type { RunConfig } from '../runs/config.ts'
import { checkContract } from '../runs/contract.ts'
import { runKeys } from '../runs/keys.ts'
import type { PipelineContract } from '../runs/pipeline.ts'
import { type RunRecord, recordSchema } from '../runs/record.ts'
import { requireJson } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { contracts } from './index.ts'

const ofSome = z.looseObject({ config: z.looseObject({ pipeline: z.string() }) })

/** The record of a run, by the schema of its pipeline. */
export const runRecordSchema: z.ZodType<RunRecord> = ofSome.transform((raw, context) => {
  const { config, facts } = contracts.of(raw.config.pipeline)
  const parsed = recordSchema(config, facts as z.ZodRawShape).safeParse(raw)
  if (parsed.success) return parsed.data as RunRecord
  for (const { code: _, ...issue } of parsed.error.issues) context.addIssue({ ...issue, code: 'custom' })
  return z.NEVER
})

/** What to do about a damaged record. */
export const UNKNOWN =
  'put back what was there: nothing else knows the configuration of the run. Or start a new run, which finds its trials'

/** @throws TrellisError `not-found` where the store knows no such run */
export const readRun = (store: ObjectStore, run: string): Promise<RunRecord> =>
  requireJson(
    store,
    runKeys(run).config,
    runRecordSchema,
    'start the run first, or name another store',
    UNKNOWN,
  )

/** The same run, known to be one of a pipeline. @throws TrellisError `invalid-pipeline` where it is of another */
export function runOf<C extends RunConfig, F extends object>(
  record: RunRecord,
  pipeline: PipelineContract<C, F>,
): RunRecord<C, F> {
  if (isOf(record, pipeline)) return record
  throw new TrellisError(
    'invalid-pipeline',
    `run ${record.run} is of ${record.config.pipeline}, not of ${pipeline.name}`,
    { fix: `name a run of ${pipeline.name}` },
  )
}

const isOf = <C extends RunConfig, F extends object>(
  record: RunRecord,
  { name }: PipelineContract<C, F>,
): record is RunRecord<C, F> => record.config.pipeline === name

/** @throws TrellisError `not-found`, `invalid-pipeline` */
export const readRunOf = async <C extends RunConfig, F extends object>(
  store: ObjectStore,
  run: string,
  pipeline: PipelineContract<C, F>,
): Promise<RunRecord<C, F>> => runOf(await readRun(store, run), pipeline)

/** Likewise, for a step that goes on with the run. @throws TrellisError `unsupported` where that would mix results: see `checkContract` */
export async function readRunToContinue<C extends RunConfig, F extends object>(
  store: ObjectStore,
  run: string,
  pipeline: PipelineContract<C, F>,
): Promise<RunRecord<C, F>> {
  const record = await readRunOf(store, run, pipeline)
  checkContract(record)
  return record
}
