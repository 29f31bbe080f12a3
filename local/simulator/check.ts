import { runKeys } from '../../nas/runs/keys.ts'
import { type LedgerEntry, ledgerEntrySchema } from '../../nas/runs/ledger.ts'
import { getResult, type Result } from '../../nas/runs/result.ts'
import type { TrueAttempt } from './batch.ts'
import type { Bucket } from './bucket.ts'
import { leastCharge, STORE_MS } from './charge.ts'
import type { Course } from './course.ts'
import type { Observations } from './observe.ts'
import { pipelineOf } from './pipelines/index.ts'
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

/** What a run promises whatever happens to it, one line for each promise that was broken. */
export async function violations(remains: Remains): Promise<readonly string[]> {
  const { seen } = remains
  return [
    ...(await resultOfEach(remains)),
    ...ledger(remains),
    ...trainedTwice(remains),
    ...pipelineOf(remains.scenario.record).violations(remains),
    ...seen.overwritten.map((key) => `${key} was written twice`),
    ...(seen.largest.bytes < MOST_BYTES
      ? []
      : [`a payload of ${seen.largest.bytes} bytes at ${seen.largest.where}`]),
    ...(seen.events < MOST_EVENTS ? [] : [`an execution of ${seen.events} events`]),
  ]
}

/** Each trial that was proposed ends as one result, the one that its course says. */
async function resultOfEach({ objects, scenario }: Remains): Promise<string[]> {
  const { record, courseOf } = scenario
  const store = { location: '', get: async (key: string) => objects.get(key) }
  const broken: string[] = []
  for (const trial of pipelineOf(record).trials({ objects, record })) {
    const result = await getResult(store, trial)
    if (result === undefined) broken.push(`trial ${trial} has no result`)
    else if (!agrees(result, courseOf(trial)))
      broken.push(`trial ${trial}: ${JSON.stringify(result)} is not what was trained`)
  }
  return broken
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
  for (const one of attempts) {
    const { jobId, attempt, host, startedAt, endedAt, killed } = one
    const key = keys.ledgerEntry(jobId, attempt)
    const entry = entries.get(key)
    entries.delete(key)
    const took = endedAt! - startedAt
    if (entry === undefined) {
      if (took > 3 * STORE_MS) broken.push(`attempt ${jobId}-${attempt} of ${took} ms is not in the ledger`)
      continue
    }
    const charged = entry.seenAt - entry.startedAt
    if (charged > took + 1 || charged < leastCharge(one))
      broken.push(`attempt ${jobId}-${attempt} took ${took} ms, and ${charged} ms are charged`)
    if (entry.usdPerHour !== host.price.usdPerHour)
      broken.push(`attempt ${jobId}-${attempt} is charged at ${entry.usdPerHour} dollars an hour`)
    if (!killed) difference += ((took - charged) / 3_600_000) * host.price.usdPerHour
  }
  if (Math.abs(difference) >= 0.01) broken.push(`the ledger is ${difference} dollars off`)
  return [...broken, ...[...entries.keys()].map((key) => `${key} is of no attempt`)]
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
