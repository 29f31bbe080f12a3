import { z } from 'zod'
import { contentHash } from '../../hash.ts'
import { CONTRACT } from '../../runs/contract.ts'
import { getSound, putJsonOnce } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { spaceOf } from './config.ts'
import { latencyKeys } from './keys.ts'
import type { DenseNasRun } from './run.ts'

const ms = z.number().nonnegative()
const perOperation = z.array(z.array(z.array(ms).readonly()).readonly()).readonly()

/**
 * What each operation of a space takes on a device, by the places of the space (see `CostTable`). A table that a user has
 * given says no more of its measurement.
 */
export const latencyTableSchema = z
  .strictObject({
    device: z.string().describe('what it was measured on'),
    batch: z.int().positive().describe('images at once'),
    repeats: z.int().positive().optional().describe('fewest runs of an operation'),
    engine: z.string().optional(),
    unit: z.literal('ms'),
    fixed: ms,
    head: perOperation,
    stack: perOperation,
    spread: ms
      .optional()
      .describe(
        'largest difference between the three shortest measurements of an operation, relative to it or to the mean',
      ),
    measuredAt: z.int().nonnegative().optional().describe('milliseconds since 1970'),
  })
  .readonly()
export type LatencyTable = z.infer<typeof latencyTableSchema>

/** A larger spread hides differences that a search weighs. */
export const NOISE = 0.25

/** Latencies under their key; undefined where they are missing or damaged, and are to be measured. */
export const getLatencies = (store: ObjectStore, key: string): Promise<LatencyTable | undefined> =>
  getSound(store, latencyKeys(key).table, latencyTableSchema)

/** Writes latencies that were measured; those of another job that has measured them, too, stay. */
export async function putLatencies(store: ObjectStore, key: string, measured: LatencyTable): Promise<void> {
  const { table } = latencyKeys(key)
  if ((await getLatencies(store, key)) === undefined) await store.delete(table)
  await putJsonOnce(store, table, latencyTableSchema, measured)
}

/** Where the latencies of a run are: by the file that they come from, or by all that they depend on; null without. */
export function latencyKey({ config, dataset, device, latencyTable }: DenseNasRun): string | null {
  const { kind, batch, table, measurement } = config.search.cost
  if (kind === 'multiply-adds') return null
  if (table !== undefined) return latencyTable!
  return contentHash({
    contract: CONTRACT,
    space: spaceOf(config),
    image: config.image,
    classes: dataset.classes.length,
    batch,
    engine: config.compute.engine,
    card: config.compute.card,
    device: device ?? null,
    // The first has none, so that earlier searches are found again.
    ...(measurement !== undefined && { measurement }),
  })
}
