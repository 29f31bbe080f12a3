import { z } from 'zod'
import { getSound, putJsonOnce } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'

/** Tables of latencies, by the hash of all that they depend on, the processor too: runs share them. */
export const latencyKeys = (latencies: string) => ({ table: `latencies/${latencies}/table.json` }) as const

export const ms = z.number().nonnegative()

/** What a table says of its measurement. */
export const measurement = {
  device: z.string().describe('what it was measured on'),
  batch: z.int().positive().describe('images at once'),
  repeats: z.int().positive().optional().describe('fewest runs of a part'),
  engine: z.string().optional(),
  unit: z.literal('ms'),
  spread: ms
    .optional()
    .describe(
      'largest difference between the three shortest measurements of a part, relative to it or to the mean',
    ),
  measuredAt: z.int().nonnegative().optional().describe('milliseconds since 1970'),
}
const measurementSchema = z.object(measurement)
export type Measurement = z.infer<typeof measurementSchema>

/** A larger spread hides differences that a search weighs. */
export const NOISE = 0.25

/** The table under a key; undefined where it is missing or damaged, and is to be measured. */
export const getLatencyTable = <T extends object>(
  store: ObjectStore,
  key: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> => getSound(store, latencyKeys(key).table, schema)

/** Writes a table that was measured; that of another job that has measured it, too, stays. */
export async function putLatencyTable<T extends object>(
  store: ObjectStore,
  key: string,
  schema: z.ZodType<T>,
  measured: T,
): Promise<void> {
  const { table } = latencyKeys(key)
  if ((await getLatencyTable(store, key, schema)) === undefined) await store.delete(table)
  await putJsonOnce(store, table, schema, measured)
}
