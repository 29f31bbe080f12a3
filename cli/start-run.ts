import { cpus } from 'node:os'
import type { Survey } from '../nas/data/survey.ts'
import { TrellisError } from '../nas/errors.ts'
import { runRecordSchema } from '../nas/pipelines/run.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { CONTRACT } from '../nas/runs/contract.ts'
import { putFiles } from '../nas/runs/dataset.ts'
import { runKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { jsonBytes } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { checkBudget, checkBudgetEarly, reservedOf } from './budget.ts'
import { checkDataset } from './check-dataset.ts'
import { fitToImages } from './fit-to-images.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { Place } from './place.ts'
import { probeStore } from './probe-store.ts'
import { code } from './version.ts'

/** What a run is recorded with, besides what its inputs say. */
export interface Inputs
  extends Pick<RunRecord, 'config' | 'dataset' | 'prices' | 'device'>,
    Pick<Survey<unknown>, 'files' | 'counts' | 'warnings' | 'extent'> {}

const checkInPlace = async (config: RunConfig): Promise<Inputs> => ({
  config,
  ...(await checkDataset(config)),
  device: cpus()[0]!.model,
})

export interface StartOptions {
  readonly place?: Place
  /** Checks the dataset, and puts it where jobs read it. */
  readonly prepareDataset?: (config: RunConfig) => Promise<Inputs>
}

/**
 * Records a run, after all its inputs have been checked. Nothing is written before.
 * @throws TrellisError for a name that is taken, a store that cannot be written, anything bad that the configuration names, or a
 * budget that is too small
 */
export async function startRun(
  store: ObjectStore,
  run: string,
  config: RunConfig,
  { place = 'here', prepareDataset = checkInPlace }: StartOptions = {},
): Promise<RunRecord> {
  const key = runKeys(run).config
  if ((await store.get(key)) !== undefined) throw nameTaken(store, run)
  // Better now than after minutes of looking at images.
  await probeStore(store, PROBE_BYTES)
  await checkBudgetEarly(config, place)
  const { facts, put } = await pipelineOf(config).prepareInputs(config)
  const { files, counts, warnings, extent, ...inputs } = await prepareDataset(config)
  const fitting = fitToImages(inputs.config, inputs.dataset.classes.length, extent, place)
  const images = { ...inputs.dataset, extent }
  await checkBudget(fitting.config, inputs.dataset, images, place)
  const record: RunRecord = runRecordSchema.parse({
    run,
    ...inputs,
    config: fitting.config,
    ...facts,
    ...reservedOf(fitting.config, images, place),
    code,
    contract: CONTRACT,
    startedAt: Date.now(),
  })
  await put(store, record)
  await putFiles(store, run, record.dataset.fingerprint, files, {
    counts,
    extent,
    warnings: [...warnings, ...fitting.warnings],
  })
  if (!(await store.putIfAbsent(key, jsonBytes(record)))) throw nameTaken(store, run)
  return record
}

const nameTaken = (store: ObjectStore, run: string) =>
  new TrellisError('invalid-config', `there is a run ${run} in ${store.location} already`, {
    fix: `trellis resume ${run}, or choose another name with --run`,
  })

/** The least that any run writes. */
const PROBE_BYTES = 4096
