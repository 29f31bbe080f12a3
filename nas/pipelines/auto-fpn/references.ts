import { backboneKeys, featuresKeys } from '../../runs/inputs.ts'
import { trialKeys } from '../../runs/keys.ts'
import {
  comparedReferences,
  hasEnded,
  isAny,
  type Reference,
  roundReferences,
  runReferences,
  trialReferences,
} from '../../runs/references.ts'
import { MADE_WHERE_NEEDED } from '../../runs/remedies.ts'
import { getSound } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { candidatesSchema } from './comparison.ts'
import { cachesFeatures, type Module, modulesOf } from './config.ts'
import { derivedSchema } from './derived.ts'
import { evolutionRoundSchema } from './evolution.ts'
import { backboneKey, featuresKey, featuresManifestSchema } from './inputs.ts'
import { autoFpnKeys, supernetKeys } from './keys.ts'
import type { AutoFpnRun } from './run.ts'
import { searchesOf } from './searches.ts'

const DECODED = ['genotype.json', 'diagram.svg', 'cost.json', 'model.onnx', 'model.json']

/** What a run refers to, as far as it has got. */
export async function* autoFpnReferences(store: ObjectStore, record: AutoFpnRun): AsyncGenerator<Reference> {
  const { run } = record
  const keys = autoFpnKeys(run)
  yield* runReferences(store, record, DECODED)
  for await (const key of inputs(store, record)) yield { key, remedy: MADE_WHERE_NEEDED, input: true }
  // What comes later is there only after what came before.
  const isOver = (await hasEnded(store, run)) || (await isAny(store, keys.comparison))
  const isChosen = isOver || (await isAny(store, keys.comparisonRoot))
  for (const module of modulesOf(record.config)) {
    const key = keys.derived(module)
    if (isChosen || (await isAny(store, key))) yield { key }
    for (const trial of await searchedFor(store, record, module)) {
      const { genotype, history } = supernetKeys(trial)
      yield* trialReferences(store, run, trial, [genotype, history, trialKeys(trial).weights])
    }
  }
  yield* roundReferences(store, run, keys.evolution, async (n) => {
    const round = await getSound(store, keys.evolution.round(n), evolutionRoundSchema)
    return (round?.candidates ?? []).map(({ trial }) => trial)
  })
  if (!isChosen) return
  yield { key: keys.candidates }
  if (isOver) yield { key: keys.comparison }
  const chosen = await getSound(store, keys.candidates, candidatesSchema)
  yield* comparedReferences(store, run, chosen?.contenders ?? [], isOver)
}

/** The searches of a module that have found something: they are there before it is derived. */
async function searchedFor(
  store: ObjectStore,
  record: AutoFpnRun,
  module: Module,
): Promise<ReadonlySet<string>> {
  const derived = await getSound(store, autoFpnKeys(record.run).derived(module), derivedSchema)
  const found = new Set(derived?.found.map(({ trial }) => trial))
  for (const trial of await searchesOf(store, record, module))
    if (await isAny(store, trialKeys(trial).result)) found.add(trial)
  return found
}

/** Where there is no manifest, nothing is said to be there: features expire. */
async function* inputs(store: ObjectStore, record: AutoFpnRun): AsyncGenerator<string> {
  const backbone = backboneKeys(backboneKey(record))
  if ((await store.get(backbone.manifest)) !== undefined) yield* [backbone.manifest, backbone.weights]
  if (!cachesFeatures(record.config)) return
  const { manifest } = featuresKeys(featuresKey(record))
  if ((await store.get(manifest)) === undefined) return
  yield manifest
  const features = await getSound(store, manifest, featuresManifestSchema)
  for (const { key } of features ? [...features.weights, ...features.architecture] : []) yield key
}
