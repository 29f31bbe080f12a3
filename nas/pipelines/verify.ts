import pLimit from 'p-limit'
import { runRoot, trialKeys } from '../runs/keys.ts'
import type { RunRecord } from '../runs/record.ts'
import type { Reference } from '../runs/references.ts'
import { patternOf, policyOf } from '../runs/store-layout.ts'
import { DELETE, RESUME } from '../store/json.ts'
import { flawOf } from '../store/soundness.ts'
import type { ObjectStore } from '../store/store.ts'
import { contracts } from './index.ts'
import { storeLayout } from './layout.ts'

/** An object that is missing or damaged. */
export interface Loss {
  readonly key: string
  /** What is wrong with it. */
  readonly flaw: string
  readonly remedy: string
}

export interface Verified {
  /** How many objects are sound, by the pattern of their keys. */
  readonly sound: Readonly<Record<string, number>>
  readonly lost: readonly Loss[]
}

/** Objects at once: shards of features have tens of megabytes. */
const CONCURRENCY = 4

/** Reads all that a run refers to, and all else that lies in its folder. */
export async function verifyRun(store: ObjectStore, record: RunRecord): Promise<Verified> {
  const references = new Map<string, Reference>()
  for await (const each of contracts.of(record.config.pipeline).references(store, record))
    references.set(each.key, each)
  for await (const key of store.list(`${runRoot(record.run)}/`))
    if (!references.has(key)) references.set(key, { key })
  const losses = await pLimit(CONCURRENCY).map([...references.values()], (each) => lossOf(store, each))
  const lost = losses.filter((loss) => loss !== undefined)
  const isLost = new Set(lost.map(({ key }) => key))
  return { sound: counted([...references.keys()].filter((key) => !isLost.has(key))), lost }
}

/** Whether a run that is over has all that its end leaves, but for what only a search under way reads. */
export async function isWhole(store: ObjectStore, record: RunRecord): Promise<boolean> {
  for await (const each of contracts.of(record.config.pipeline).references(store, record)) {
    // Weights, models and pictures are made again where their trial has no result any more.
    const isLooked = each.key.endsWith('.json') || each.key.startsWith(runRoot(record.run))
    if (!each.input && isLooked && (await lossOf(store, each)) !== undefined) return false
  }
  return true
}

/**
 * The trials of a run that have a result, and have lost what their training left beside it: as the store is now, where other runs
 * train them, too.
 */
export async function incompleteTrials(store: ObjectStore, record: RunRecord): Promise<readonly string[]> {
  const incomplete = new Set<string>()
  for await (const each of contracts.of(record.config.pipeline).references(store, record))
    if (each.trial !== undefined && (await lossOf(store, each)) !== undefined) incomplete.add(each.trial)
  return [...incomplete]
}

/** Lets trials be trained again: what has its result is not. */
export async function dropResults(store: ObjectStore, trials: readonly string[]): Promise<void> {
  for (const trial of trials) await store.delete(trialKeys(trial).result)
}

async function lossOf(store: ObjectStore, { key, remedy, content }: Reference): Promise<Loss | undefined> {
  const bytes = await store.get(key)
  if (bytes === undefined) return { key, flaw: 'is missing', remedy: remedy ?? RESUME }
  const flaw = flawOf(key, bytes, content)
  if (flaw === undefined) return undefined
  return { key, flaw, remedy: remedy ?? REMEDIES[policyOf(storeLayout(), key) ?? 'latest'] }
}

/** Of what is damaged. */
const REMEDIES = {
  once: DELETE,
  latest: RESUME,
  claimed: 'delete that object, once no process runs the run',
  temporary: 'delete that object: it is of no use any more',
  input: RESUME,
} as const

function counted(keys: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const key of keys) {
    const pattern = patternOf(storeLayout(), key) ?? key
    counts[pattern] = (counts[pattern] ?? 0) + 1
  }
  return counts
}
