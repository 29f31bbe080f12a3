import { runKeys, trialKeys } from '../../runs/keys.ts'
import {
  isAny,
  networkFiles,
  type Reference,
  runReferences,
  specReference,
  trialReferences,
} from '../../runs/references.ts'
import { MADE_WHERE_NEEDED } from '../../runs/remedies.ts'
import { trialKey } from '../../runs/trial.ts'
import { getSound } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { candidatesSchema } from './comparison.ts'
import { denseNasKeys, latencyKeys, supernetKeys } from './keys.ts'
import { latencyKey } from './latency.ts'
import type { DenseNasRun } from './run.ts'
import { supernetSpec } from './specs.ts'

const DECODED = ['genotype.json', 'net-config.txt', 'diagram.svg', 'cost.json', 'model.onnx']

/** What a run refers to, as far as it has got. */
export async function* denseNasReferences(
  store: ObjectStore,
  record: DenseNasRun,
): AsyncGenerator<Reference> {
  const { run } = record
  const keys = denseNasKeys(run)
  yield* runReferences(store, record, DECODED)
  const latencies = latencyKey(record)
  const supernet = trialKey(supernetSpec(record))
  const isSearched = (await isAny(store, trialKeys(supernet).result)) || (await isAny(store, keys.derived))
  if (latencies !== null && isSearched)
    yield { key: latencyKeys(latencies).table, remedy: MADE_WHERE_NEEDED, input: true }
  if (!isSearched) return
  const { architecture, history } = supernetKeys(supernet)
  yield* trialReferences(store, supernet, [architecture, history])
  if (!(await isAny(store, keys.comparisonRoot))) return
  yield* [{ key: keys.derived }, { key: keys.candidates }]
  const isOver = (await isAny(store, keys.comparison)) || (await isAny(store, runKeys(run).decoded('')))
  if (isOver) yield { key: keys.comparison }
  const chosen = await getSound(store, keys.candidates, candidatesSchema)
  for (const { trial } of chosen?.contenders.flatMap(({ trials }) => trials) ?? [])
    if (isOver) yield* trialReferences(store, trial, networkFiles(trial))
    else yield specReference(trial)
}
