import { trialKeys } from '../../runs/keys.ts'
import { latencyKeys } from '../../runs/latencies.ts'
import {
  comparedReferences,
  hasEnded,
  isAny,
  type Reference,
  runReferences,
  trialReferences,
} from '../../runs/references.ts'
import { MADE_WHERE_NEEDED } from '../../runs/remedies.ts'
import { trialKey } from '../../runs/trial.ts'
import { getSound } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { candidatesSchema } from './comparison.ts'
import { denseNasKeys, supernetKeys } from './keys.ts'
import { latencyKey } from './latency.ts'
import type { DenseNasRun } from './run.ts'
import { supernetSpec } from './specs.ts'

const DECODED = ['genotype.json', 'net-config.txt', 'diagram.svg', 'cost.json', 'model.onnx', 'model.json']

/** What a run refers to, as far as it has got. */
export async function* denseNasReferences(
  store: ObjectStore,
  record: DenseNasRun,
): AsyncGenerator<Reference> {
  const { run } = record
  const keys = denseNasKeys(run)
  yield* runReferences(store, record, DECODED)
  const isAnyOf = async (...prefixes: readonly string[]) => {
    for (const prefix of prefixes) if (await isAny(store, prefix)) return true
    return false
  }
  // What comes later is there only after what came before.
  const supernet = trialKey(supernetSpec(record))
  const isOver = (await hasEnded(store, run)) || (await isAnyOf(keys.comparison))
  const isChosen = isOver || (await isAnyOf(keys.derived, keys.comparisonRoot))
  const isSearched = isChosen || (await isAnyOf(trialKeys(supernet).result))
  if (!isSearched) return
  const latencies = latencyKey(record)
  if (latencies !== null) yield { key: latencyKeys(latencies).table, remedy: MADE_WHERE_NEEDED, input: true }
  const { architecture, history } = supernetKeys(supernet)
  yield* trialReferences(store, run, supernet, [architecture, history])
  if (!isChosen) return
  yield* [{ key: keys.derived }, { key: keys.candidates }]
  if (isOver) yield { key: keys.comparison }
  const chosen = await getSound(store, keys.candidates, candidatesSchema)
  yield* comparedReferences(store, run, chosen?.contenders ?? [], isOver)
}
