import { z } from 'zod'
import { contentHash } from '../../hash.ts'
import { getLatencyTable, measurement, ms, putLatencyTable } from '../../runs/latencies.ts'
import type { ObjectStore } from '../../store/store.ts'
import { spaceOf } from './config.ts'
import type { DenseNasRun } from './run.ts'

const perOperation = z.array(z.array(z.array(ms).readonly()).readonly()).readonly()

/**
 * What each operation of a space takes on a device, by the places of the space (see `CostTable`). A table that a user has
 * given says no more of its measurement.
 */
export const latencyTableSchema = z
  .strictObject({ ...measurement, fixed: ms, head: perOperation, stack: perOperation })
  .readonly()
export type LatencyTable = z.infer<typeof latencyTableSchema>

/** Latencies under their key; undefined where they are missing or damaged, and are to be measured. */
export const getLatencies = (store: ObjectStore, key: string): Promise<LatencyTable | undefined> =>
  getLatencyTable(store, key, latencyTableSchema)

/** Writes latencies that were measured; those of another job that has measured them, too, stay. */
export const putLatencies = (store: ObjectStore, key: string, measured: LatencyTable): Promise<void> =>
  putLatencyTable(store, key, latencyTableSchema, measured)

/** Where the latencies of a run are: by the file that they come from, or by all that they depend on; null without. */
export function latencyKey({ contract, config, dataset, device, latencyTable }: DenseNasRun): string | null {
  const { kind, batch, table, measurement: number } = config.search.cost
  if (kind === 'multiply-adds') return null
  if (table !== undefined) return latencyTable!
  return contentHash({
    contract,
    space: spaceOf(config),
    image: config.image,
    classes: dataset.classes.length,
    batch,
    engine: config.compute.engine,
    card: config.compute.card,
    device: device ?? null,
    // The first has none, so that earlier searches are found again.
    ...(number !== undefined && { measurement: number }),
  })
}
