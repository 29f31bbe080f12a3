import { cpus } from 'node:os'
import { TrellisError } from '../nas/errors.ts'
import { contracts } from '../nas/pipelines/index.ts'
import { runRecordSchema } from '../nas/pipelines/run.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { CONTRACT } from '../nas/runs/contract.ts'
import { putFiles } from '../nas/runs/dataset.ts'
import { runKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { jsonBytes } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { checkBudget, checkBudgetEarly, reservedOf } from './budget.ts'
import { fitToImages } from './fit-to-images.ts'
import { lookInPlace } from './look-at.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { LookAt } from './pipelines/pipeline.ts'
import type { Place } from './place.ts'
import { probeStore } from './probe-store.ts'
import { code } from './version.ts'

export interface StartOptions {
  readonly place?: Place
  /** Looks at a dataset, and puts it where jobs read it. */
  readonly look?: LookAt
  /** What else is known of the run. */
  readonly known?: Pick<RunRecord, 'prices' | 'device'>
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
  { place = 'here', look = lookInPlace, known = { device: cpus()[0]!.model } }: StartOptions = {},
): Promise<RunRecord> {
  const key = runKeys(run).config
  if ((await store.get(key)) !== undefined) throw nameTaken(store, run)
  // Better now than after minutes of looking at images.
  await probeStore(store, PROBE_BYTES)
  await checkBudgetEarly(config, place)
  const { facts, put, config: prepared = config } = await pipelineOf(config).prepareInputs(config, look)
  const { task } = contracts.of(config.pipeline)
  const { source, dataset, files, counts, warnings, extent } = await look(task, config.dataset)
  const fitting = fitToImages({ ...prepared, dataset: source }, dataset.classes.length, extent, place)
  const images = { ...dataset, extent }
  await checkBudget(fitting.config, dataset, images, place)
  const record: RunRecord = runRecordSchema.parse({
    run,
    ...known,
    dataset,
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
