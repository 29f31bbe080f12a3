import type { Inventory } from '../nas/data/inventory.ts'
import { TrellisError } from '../nas/errors.ts'
import { backboneKey } from '../nas/runs/backbone.ts'
import type { Config } from '../nas/runs/config.ts'
import { putFiles } from '../nas/runs/dataset.ts'
import { backboneKeys, runKeys } from '../nas/runs/keys.ts'
import { type RunRecord, runRecordSchema } from '../nas/runs/run.ts'
import { jsonBytes } from '../nas/store/json.ts'
import { encodeSafetensors } from '../nas/store/safetensors.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { readBackboneWeights } from './backbone-weights.ts'
import { checkDataset } from './check-dataset.ts'
import { version } from './version.ts'

/** What a run is recorded with, besides what its inputs say. */
export interface Inputs extends Pick<RunRecord, 'config' | 'dataset' | 'prices'> {
  /** Of the dataset, where jobs read it. */
  readonly files: Inventory
}

const whereTheyAre = async (config: Config): Promise<Inputs> => ({
  config,
  ...(await checkDataset(config.dataset)),
})

/**
 * Records a run, after everything that could be wrong with its inputs has been looked at. Nothing is written before.
 * @param bring looks at the dataset, and puts it where jobs read it
 * @throws TrellisError for a name that is taken, a store that cannot be written, a bad dataset or bad weights
 */
export async function startRun(
  store: ObjectStore,
  run: string,
  config: Config,
  bring = whereTheyAre,
): Promise<RunRecord> {
  const key = runKeys(run).config
  if ((await store.get(key)) !== undefined) throw nameTaken(store, run)
  await checkWritable(store)
  const weights =
    'weights' in config.backbone
      ? await readBackboneWeights(config.backbone.weights, config.backbone)
      : undefined
  const { files, ...inputs } = await bring(config)
  const record: RunRecord = runRecordSchema.parse({
    run,
    ...inputs,
    ...(weights && { backboneWeights: weights.hash }),
    code: version,
    startedAt: Date.now(),
  })
  if (weights) {
    const backbone = backboneKey(record)
    const keys = backboneKeys(backbone)
    await store.put(keys.weights, encodeSafetensors(weights.tensors, { backbone }))
    await store.put(keys.manifest, jsonBytes({ backbone }))
  }
  await putFiles(store, run, record.dataset.fingerprint, files)
  if (!(await store.putIfAbsent(key, jsonBytes(record)))) throw nameTaken(store, run)
  return record
}

const nameTaken = (store: ObjectStore, run: string) =>
  new TrellisError('invalid-config', `there is a run ${run} in ${store.location} already`, {
    fix: `trellis resume ${run}, or choose another name with --run`,
  })

/** Better now than after minutes of looking at images. */
async function checkWritable(store: ObjectStore): Promise<void> {
  const probe = 'probe'
  await store.put(probe, new Uint8Array())
  await store.delete(probe)
}
