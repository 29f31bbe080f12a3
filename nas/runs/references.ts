import { z } from 'zod'
import { getSound } from '../store/json.ts'
import type { ObjectStore } from '../store/store.ts'
import type { Seeds } from './comparison.ts'
import { LOOKED_AT_AGAIN } from './dataset.ts'
import { runKeys, trialKeys } from './keys.ts'
import type { RunRecord } from './record.ts'
import { TRAIN_AGAIN } from './remedies.ts'
import type { RoundKeys } from './rounds.ts'

/** An object that a run refers to: it is there, or has been lost. */
export interface Reference {
  readonly key: string
  /** What to do where it is missing or damaged, if that is not what its policy says. */
  readonly remedy?: string
  /** The hash of its value, where its key says that. */
  readonly content?: string
  /** Whose training has left it beside its result. */
  readonly trial?: string
  /** Only a search under way reads it. */
  readonly input?: true
}

/**
 * What runs of all pipelines have.
 * @param decoded the files of what was found
 */
export async function* runReferences(
  store: ObjectStore,
  { run, dataset }: RunRecord,
  decoded: readonly string[],
): AsyncGenerator<Reference> {
  const keys = runKeys(run)
  yield { key: keys.config }
  const files = keys.files(dataset.fingerprint)
  // Older versions noted none.
  if (await isAny(store, files)) yield { key: files, remedy: LOOKED_AT_AGAIN }
  if (!(await hasEnded(store, run))) return
  for (const file of decoded) yield { key: keys.decoded(file) }
  yield { key: keys.summary }
  yield { key: keys.report }
}

const endSchema = z.looseObject({ status: z.string() })

/** Whether a run came to what it was to find, whatever it has lost since. */
export const hasEnded = async (store: ObjectStore, run: string): Promise<boolean> =>
  (await isAny(store, runKeys(run).decoded(''))) ||
  (await getSound(store, runKeys(run).summary, endSchema))?.status === 'succeeded'

/** What a trial that a run has run has left. @param files beside its result, where it has succeeded */
export async function* trialReferences(
  store: ObjectStore,
  run: string,
  trial: string,
  files: readonly string[] = [],
): AsyncGenerator<Reference> {
  const keys = trialKeys(trial)
  if (await isAny(store, keys.spec)) yield { ...specReference(trial), remedy: NOT_READ }
  const failure = runKeys(run).failure(trial)
  const hasFailedHere = !(await isAny(store, keys.result)) && (await isAny(store, failure))
  yield { key: hasFailedHere ? failure : keys.result }
  if ((await getSound(store, keys.result, endSchema))?.status !== 'succeeded') return
  for (const key of files) yield { key, remedy: TRAIN_AGAIN, trial }
  for await (const key of store.list(keys.predictions)) yield { key, remedy: NOT_DRAWN }
}

/** What the networks of a comparison have left. @param isOver whether all of them have been trained */
export async function* comparedReferences(
  store: ObjectStore,
  run: string,
  contenders: readonly { readonly trials: Seeds }[],
  isOver: boolean,
): AsyncGenerator<Reference> {
  for (const { trial } of contenders.flatMap(({ trials }) => trials))
    if (isOver) yield* trialReferences(store, run, trial, networkFiles(trial))
    else yield specReference(trial)
}

/** What is there of rounds under a prefix that numbers follow: its keys, and the number of the last round, -1 before the first. */
async function roundsUnder(store: Pick<ObjectStore, 'list'>, prefix: string) {
  const written = new Set<string>()
  for await (const key of store.list(prefix)) written.add(key)
  const last = Math.max(-1, ...[...written].map((key) => Number.parseInt(key.slice(prefix.length), 10)))
  return { written, last }
}

/**
 * What rounds have left, and their trials.
 * @param trialsOf the trials of a round @param summary what is there once a round is over
 */
export async function* roundReferences(
  store: ObjectStore,
  run: string,
  keys: RoundKeys,
  trialsOf: (round: number) => Promise<readonly string[]>,
  summary: readonly string[] = [],
): AsyncGenerator<Reference> {
  const { written, last } = await roundsUnder(store, keys.rounds)
  for (let n = 0; n <= last; n++) {
    yield { key: keys.round(n) }
    const isOver = n < last || written.has(keys.results(n))
    if (isOver) for (const key of [keys.results(n), keys.stopDecision(n), ...summary]) yield { key }
    for (const trial of await trialsOf(n))
      if (isOver) yield* trialReferences(store, run, trial)
      else yield specReference(trial)
  }
}

export const specReference = (trial: string): Reference => ({
  key: trialKeys(trial).spec,
  content: trial,
})

/** What the training of a network in full leaves. */
const networkFiles = (trial: string): readonly string[] => {
  const { weights, model } = trialKeys(trial)
  return [weights, model]
}

/** What to do about the damaged spec of a trial that has its result. */
const NOT_READ =
  'delete that object: nothing reads it unless the trial is trained again, which writes it again'

/** What to do about a damaged picture. */
export const NOT_DRAWN = 'delete that object: the report is drawn without it'

/** Whether there is any object with a prefix. */
export async function isAny(store: Pick<ObjectStore, 'list'>, prefix: string): Promise<boolean> {
  for await (const _ of store.list(prefix)) return true
  return false
}
