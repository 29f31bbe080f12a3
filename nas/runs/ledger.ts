import { z } from 'zod'
import { getJson, getSound, jsonBytes } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import { runKeys } from './keys.ts'
import { mapObjects } from './map-objects.ts'
import { cardSchema, priceSchema } from './prices.ts'

const time = z.int().nonnegative().describe('milliseconds since 1970')

/**
 * One attempt of one job: what ran where, how long, at what price, and how it ended. An attempt that was killed has no
 * end; it is charged up to the last time it was seen.
 */
export const ledgerEntrySchema = z
  .strictObject({
    job: z.string().min(1).describe('kind'),
    jobId: z.string().min(1),
    attempt: z.int().positive(),
    trials: z.int().nonnegative(),
    card: cardSchema,
    ...priceSchema.unwrap().shape,
    startedAt: time,
    seenAt: time.describe('while it runs, the time of its last sign of life'),
    outcome: z.enum(['running', 'succeeded', 'failed', 'interrupted']),
    reason: z.string().optional().describe('why it failed or was interrupted'),
  })
  // Earlier versions took `seenAt` from a clock that could be set back in between.
  .transform((entry) => ({ ...entry, seenAt: Math.max(entry.seenAt, entry.startedAt) }))
  .readonly()
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>

/** Writes an entry in the place of what the same attempt wrote before. */
export const putLedgerEntry = (store: ObjectStore, run: string, entry: LedgerEntry): Promise<void> =>
  store.put(runKeys(run).ledgerEntry(entry.jobId, entry.attempt), jsonBytes(entry))

const entriesByKey = z.record(z.string(), ledgerEntrySchema).readonly()

/** Older versions wrote the entries alone. */
const closedSchema = z.union([
  z.strictObject({ entries: entriesByKey }),
  entriesByKey.transform((entries) => ({ entries })),
])

export const UNCOUNTED = 'delete that object; what its attempt has cost is then not counted'

/**
 * All entries of a run, by key. Entries that are closed for good are also kept together in one object, so that nobody reads
 * thousands of them one by one.
 * @param counted keys of entries that are left out
 */
export async function readLedger(
  store: ObjectStore,
  run: string,
  counted: ReadonlySet<string> = new Set(),
): Promise<readonly LedgerEntry[]> {
  const keys = runKeys(run)
  const all: string[] = []
  for await (const key of store.list(keys.ledgerEntries)) if (!counted.has(key)) all.push(key)
  const closed =
    counted.size > 0 ? {} : ((await getSound(store, keys.closedLedger, closedSchema))?.entries ?? {})
  const entries = await mapObjects(
    all,
    async (key) => closed[key] ?? getJson(store, key, ledgerEntrySchema, UNCOUNTED),
  )
  return entries.filter((entry) => entry !== undefined)
}

/** Keeps together the entries that will not change any more. */
export function keepClosed(store: ObjectStore, run: string, all: readonly LedgerEntry[]): Promise<void> {
  const { ledgerEntry, closedLedger } = runKeys(run)
  const closed = all.filter(({ outcome }) => outcome !== 'running')
  const entries = Object.fromEntries(closed.map((entry) => [ledgerEntry(entry.jobId, entry.attempt), entry]))
  return store.put(closedLedger, jsonBytes({ entries }))
}

/** Earlier versions summed up entries that ended before they began. */
const spent = z.number().transform((sum) => Math.max(0, sum))

export const totalsSchema = z
  .strictObject({
    attempts: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    interrupted: z.int().nonnegative(),
    gpuHours: spent.describe('hours of jobs, on whatever card'),
    usd: spent,
  })
  .readonly()
export type Totals = z.infer<typeof totalsSchema>

const hours = ({ startedAt, seenAt }: Span) => (seenAt - startedAt) / 3_600_000
const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0)

export const totals = (entries: readonly LedgerEntry[]): Totals => ({
  attempts: entries.length,
  failed: entries.filter(({ outcome }) => outcome === 'failed').length,
  interrupted: entries.filter(({ outcome }) => outcome === 'interrupted').length,
  gpuHours: sum(entries.map(hours)),
  usd: sum(entries.map((entry) => hours(entry) * entry.usdPerHour)),
})

export const addTotals = (a: Totals, b: Totals): Totals => ({
  attempts: a.attempts + b.attempts,
  failed: a.failed + b.failed,
  interrupted: a.interrupted + b.interrupted,
  gpuHours: a.gpuHours + b.gpuHours,
  usd: a.usd + b.usd,
})

export const spanSchema = z.strictObject({ startedAt: time, seenAt: time }).readonly()
type Span = z.infer<typeof spanSchema>

/** When at least one job ran: spans without a common instant, in order. */
export function atWork(spans: readonly Span[]): readonly Span[] {
  const worked: Span[] = []
  for (const { startedAt, seenAt } of spans.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const last = worked.at(-1)
    if (last === undefined || last.seenAt < startedAt) worked.push({ startedAt, seenAt })
    else worked[worked.length - 1] = { ...last, seenAt: Math.max(last.seenAt, seenAt) }
  }
  return worked
}

/** Hours by the clock in which at least one job ran: a run that waits to be resumed uses up nothing. */
export const hoursAtWork = (spans: readonly Span[]): number => sum(atWork(spans).map(hours))

/**
 * The kinds of jobs that a run has had: those of its pipeline in their order, then any other, so that what is told by kind adds up.
 * @param known of the pipeline
 */
export function jobKinds(entries: readonly LedgerEntry[], known: readonly string[]): readonly string[] {
  const kinds = new Set(entries.map(({ job }) => job))
  return [...known.filter((kind) => kinds.delete(kind)), ...kinds]
}

/** Totals of each kind of job that a run has had. @param known kinds: see `jobKinds` */
export const totalsByJob = (
  entries: readonly LedgerEntry[],
  known: readonly string[],
): readonly (readonly [kind: string, totals: Totals])[] =>
  jobKinds(entries, known).map((kind) => [kind, totals(entries.filter(({ job }) => job === kind))])
