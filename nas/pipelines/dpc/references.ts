import { contentHash } from '../../hash.ts'
import { SURVEY } from '../../runs/dataset.ts'
import { backboneKeys, featuresKeys } from '../../runs/inputs.ts'
import { runKeys, trialKeys } from '../../runs/keys.ts'
import {
  comparedReferences,
  hasEnded,
  isAny,
  type Reference,
  roundReferences,
  runReferences,
} from '../../runs/references.ts'
import { MADE_WHERE_NEEDED } from '../../runs/remedies.ts'
import { getSound } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { backboneKey } from './backbone.ts'
import { candidatesSchema, rerankSchema } from './comparison.ts'
import { featuresKey, featuresManifestSchema } from './features.ts'
import { dpcKeys } from './keys.ts'
import { roundSchema } from './round.ts'
import type { DpcRun } from './run.ts'

const DECODED = ['genotype.json', 'deeplab.json', 'diagram.svg', 'cost.json', 'model.onnx', 'model.json']

/** What a run refers to, as far as it has got. */
export async function* dpcReferences(store: ObjectStore, record: DpcRun): AsyncGenerator<Reference> {
  yield* runReferences(store, record, DECODED)
  for await (const key of inputs(store, record)) yield { key, remedy: MADE_WHERE_NEEDED, input: true }
  yield* rounds(store, record)
  yield* ranking(store, record)
}

/** Where there is no manifest, nothing is said to be there: features expire. */
async function* inputs(store: ObjectStore, record: DpcRun): AsyncGenerator<string> {
  const backbone = backboneKeys(backboneKey(record))
  if ((await store.get(backbone.manifest)) !== undefined) yield* [backbone.manifest, backbone.weights]
  const { manifest } = featuresKeys(featuresKey(record))
  if ((await store.get(manifest)) === undefined) return
  yield manifest
  const features = await getSound(store, manifest, featuresManifestSchema)
  for (const split of features ? [features.train, features.validation] : [])
    for (const { key } of split.shards) yield key
}

async function* rounds(store: ObjectStore, { run }: DpcRun): AsyncGenerator<Reference> {
  const keys = dpcKeys(run)
  const trialsOf = async (n: number) => {
    const round = await getSound(store, keys.round(n), roundSchema)
    return [...(round?.candidates ?? []), ...(round?.baselines ?? [])].map(({ trial }) => trial)
  }
  yield* roundReferences(store, run, keys, trialsOf, [keys.leaderboard])
}

/** The latest revision: nothing reads earlier ones. */
async function* ranking(store: ObjectStore, { run, dataset }: DpcRun): AsyncGenerator<Reference> {
  const keys = dpcKeys(run)
  const ended = await hasEnded(store, run)
  if (!ended && !(await isAny(store, keys.revisions))) return
  yield { key: keys.rerankCandidates }
  const picked = await getSound(store, keys.rerankCandidates, candidatesSchema)
  if (picked === undefined) return
  const { fingerprint } = picked.dataset
  if (fingerprint !== dataset.fingerprint) {
    yield { key: runKeys(run).dataset, remedy: SURVEY }
    yield { key: runKeys(run).files(fingerprint), remedy: SURVEY }
  }
  const { candidates, outcome } = keys.edition(contentHash(picked))
  yield { key: candidates }
  const isOver = ended || (await isAny(store, outcome))
  if (isOver) yield* [{ key: outcome }, { key: keys.rerank }]
  yield* comparedReferences(store, run, picked.contenders, isOver)
  const kept = (await getSound(store, keys.rerank, rerankSchema))?.kept
  if (kept === undefined) return
  const remedy = `delete ${[keys.rerank, outcome].map((key) => `${store.location}/${key}`).join(' and ')}, then resume the run: the best of its latest ranking replaces what it kept`
  const { result, weights, model } = trialKeys(kept.trial)
  for (const key of [result, weights, model]) yield { key, remedy }
}
