import { runKeys } from '../../nas/runs/keys.ts'
import { type LedgerEntry, ledgerEntrySchema } from '../../nas/runs/ledger.ts'
import { HEARTBEAT_MS } from '../../nas/runs/open-entry.ts'
import { getResult, type Result } from '../../nas/runs/result.ts'
import { roundSchema, verdictSchema } from '../../nas/runs/round.ts'
import type { TrueAttempt } from './batch.ts'
import type { Bucket } from './bucket.ts'
import type { Course } from './course.ts'
import type { Observations } from './observe.ts'
import type { Scenario } from './scenario.ts'

/** A simulated run when all is over. */
export interface Remains {
  readonly scenario: Scenario
  readonly objects: Bucket['objects']
  readonly attempts: readonly TrueAttempt[]
  readonly seen: Observations
}

/** Design: every payload stays under 16 KiB; every execution under a few hundred events, resumed ones included. */
const MOST_BYTES = 16 * 1024
const MOST_EVENTS = 600

/** The longest that a request to the simulated store takes. */
const STORE_MS = 30_000

/** What a run promises whatever happens to it, one line for each promise that was broken. */
export async function violations(remains: Remains): Promise<readonly string[]> {
  const { seen } = remains
  return [
    ...(await resultOfEach(remains)),
    ...ledger(remains),
    ...budget(remains),
    ...trainedTwice(remains),
    ...seen.overwritten.map((key) => `${key} was written twice`),
    ...(seen.largest.bytes < MOST_BYTES
      ? []
      : [`a payload of ${seen.largest.bytes} bytes at ${seen.largest.where}`]),
    ...(seen.events < MOST_EVENTS ? [] : [`an execution of ${seen.events} events`]),
  ]
}

function read<T>(
  objects: Bucket['objects'],
  key: string,
  schema: { parse(value: unknown): T },
): T | undefined {
  const bytes = objects.get(key)
  return bytes && schema.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

/** Each proposed trial ends as one result, the one that its course says. */
async function resultOfEach({ objects, scenario: { record, courseOf } }: Remains): Promise<string[]> {
  const keys = runKeys(record.run)
  const store = { location: '', get: async (key: string) => objects.get(key) }
  const broken: string[] = []
  for (let n = 0; ; n++) {
    const round = read(objects, keys.round(n), roundSchema)
    if (round === undefined) return broken
    for (const { trial } of round.candidates) {
      const result = await getResult(store, trial)
      if (result === undefined) broken.push(`trial ${trial} of round ${n} has no result`)
      else if (!agrees(result, courseOf(trial)))
        broken.push(`trial ${trial} of round ${n}: ${JSON.stringify(result)} is not what was trained`)
    }
  }
}

const REASONS = {
  diverges: /^the loss was NaN/,
  memory: /^killed its job 3 times/,
  raises: /is invalid$/,
} as const

function agrees(result: Result, { score, failure }: Course): boolean {
  if (failure === undefined) return result.status === 'succeeded' && result.score === score
  return result.status === 'failed' && REASONS[failure].test(result.reason)
}

/**
 * Every attempt is in the ledger, once and with what it took: to the cent in all, and each one that was killed up to its
 * last sign of life.
 */
function ledger({ objects, attempts, scenario: { record } }: Remains): string[] {
  const keys = runKeys(record.run)
  const entries = new Map<string, LedgerEntry>()
  for (const [key, bytes] of objects) {
    if (!key.startsWith(keys.ledgerEntries)) continue
    entries.set(key, ledgerEntrySchema.parse(JSON.parse(new TextDecoder().decode(bytes))))
  }
  const broken: string[] = []
  let difference = 0
  for (const { jobId, attempt, host, startedAt, endedAt, killed } of attempts) {
    const key = keys.ledgerEntry(jobId, attempt)
    const entry = entries.get(key)
    entries.delete(key)
    const took = endedAt! - startedAt
    // What ends before its first write is out can leave nothing.
    const silent = (killed ? HEARTBEAT_MS + STORE_MS : 0) + STORE_MS
    if (entry === undefined) {
      if (took > 3 * STORE_MS) broken.push(`attempt ${jobId}-${attempt} of ${took} ms is not in the ledger`)
      continue
    }
    const charged = entry.seenAt - entry.startedAt
    if (charged > took + 1 || charged < took - silent)
      broken.push(`attempt ${jobId}-${attempt} took ${took} ms, and ${charged} ms are charged`)
    if (entry.usdPerHour !== host.price.usdPerHour)
      broken.push(`attempt ${jobId}-${attempt} is charged at ${entry.usdPerHour} dollars an hour`)
    if (!killed) difference += ((took - charged) / 3_600_000) * host.price.usdPerHour
  }
  if (Math.abs(difference) >= 0.01) broken.push(`the ledger is ${difference} dollars off`)
  return [...broken, ...[...entries.keys()].map((key) => `${key} is of no attempt`)]
}

/** Whoever proposes another round has not spent the budget yet. */
function budget({ objects, attempts, seen, scenario: { record } }: Remains): string[] {
  const keys = runKeys(record.run)
  const { usd, gpuHours, trials } = record.config.budget
  const broken: string[] = []
  let tried = 0
  for (let n = 0; ; n++) {
    const round = read(objects, keys.round(n), roundSchema)
    const verdict = read(objects, keys.verdict(n), verdictSchema)
    if (round === undefined || verdict === undefined) return broken
    tried += round.candidates.length
    if (trials !== undefined && tried > trials) broken.push(`${tried} trials of ${trials} after round ${n}`)
    if (!objects.has(keys.round(n + 1))) return broken
    const taken = seen.verdicts.get(keys.verdict(n))!
    // A verdict may rest on a ledger that was read a few requests earlier; a killed attempt is charged a little less.
    const before = attempts.filter(({ endedAt }) => endedAt! < taken - 6 * STORE_MS)
    const hours = (each: TrueAttempt) =>
      (each.endedAt! - each.startedAt - (each.killed ? HEARTBEAT_MS + 2 * STORE_MS : 2 * STORE_MS)) /
      3_600_000
    const spent = before.reduce((sum, each) => sum + Math.max(0, hours(each)), 0)
    const paid = before.reduce((sum, each) => sum + Math.max(0, hours(each)) * each.host.price.usdPerHour, 0)
    if (gpuHours !== undefined && spent > gpuHours)
      broken.push(`round ${n + 1} was proposed after ${spent} of ${gpuHours} GPU hours`)
    if (usd !== undefined && paid > usd)
      broken.push(`round ${n + 1} was proposed after ${paid} of ${usd} dollars`)
  }
}

/** Nobody begins to train what has its result, unless the news could not have reached him. */
function trainedTwice({ seen }: Remains): string[] {
  const broken: string[] = []
  for (const [trial, offers] of seen.offered) {
    const first = Math.min(...offers.map(({ at }) => at))
    for (const { by, at } of seen.begun.get(trial) ?? [])
      if (at > first + STORE_MS) broken.push(`trial ${trial} had its result when ${by} began to train it`)
  }
  return broken
}
