import { z } from 'zod'
import { contentHash } from '../../hash.ts'
import { getLatencyTable, measurement, ms, putLatencyTable } from '../../runs/latencies.ts'
import type { TopformerTask } from '../../spaces/topformer/cost.ts'
import type { ObjectStore } from '../../store/store.ts'
import { spaceOf } from './config.ts'
import type { TopformerRun } from './run.ts'

/** What each part of the networks of a space takes on a device: see nas/spaces/topformer/parts.ts. */
export const partTableSchema = z
  .strictObject({
    ...measurement,
    tokens: z.tuple([z.int().positive(), z.int().positive()]).readonly(),
    parts: z.record(z.string(), ms).readonly(),
  })
  .readonly()
export type PartTable = z.infer<typeof partTableSchema>

/** By all that the latencies of a run depend on; null where another cost is limited. */
export function latencyKey({ contract, config, dataset, device }: TopformerRun): string | null {
  const { of, measurement: number } = config.search.limit
  if (of !== 'latency') return null
  return contentHash({
    contract,
    space: spaceOf(config),
    size: config.retrain.crop,
    classes: dataset.classes.length,
    attentionScale: config.attentionScale,
    engine: config.compute.engine,
    card: config.compute.card,
    device: device ?? null,
    ...(number !== undefined && { measurement: number }),
  })
}

/** Undefined where it is missing or damaged, and is to be measured. */
export const getPartTable = (store: ObjectStore, key: string): Promise<PartTable | undefined> =>
  getLatencyTable(store, key, partTableSchema)

export const putPartTable = (store: ObjectStore, key: string, measured: PartTable): Promise<void> =>
  putLatencyTable(store, key, partTableSchema, measured)

/** Whether a run has what it measures before it searches. */
export async function isMeasured(store: ObjectStore, record: TopformerRun): Promise<boolean> {
  const key = latencyKey(record)
  return key === null || (await getPartTable(store, key)) !== undefined
}

/** What networks of a run are made for: costs are those of a training crop, and latencies those that the store has. */
export async function readTask(store: ObjectStore, record: TopformerRun): Promise<TopformerTask> {
  const key = latencyKey(record)
  const latencies = key === null ? undefined : await getPartTable(store, key)
  return { ...taskOf(record), ...(latencies && { latencies }) }
}

/** The same without latencies. */
export const taskOf = ({ config, dataset }: TopformerRun): TopformerTask => ({
  size: config.retrain.crop,
  classes: dataset.classes.length,
})
