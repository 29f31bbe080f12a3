import { runKeys, trialKeys } from '../../runs/keys.ts'
import { latencyKeys } from '../../runs/latencies.ts'
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
import { trialKey } from '../../runs/trial.ts'
import { getSound } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { candidatesSchema } from './comparison.ts'
import { givenWeights, topformerKeys } from './keys.ts'
import { latencyKey } from './latency.ts'
import { pretrainSpec } from './pretraining.ts'
import { roundSchema } from './round.ts'
import type { TopformerRun } from './run.ts'
import { supernetSpec, variedIn } from './specs.ts'

const DECODED = ['genotype.json', 'diagram.svg', 'cost.json', 'model.onnx', 'model.json']

/** What a run refers to, as far as it has got. */
export async function* topformerReferences(
  store: ObjectStore,
  record: TopformerRun,
): AsyncGenerator<Reference> {
  const { run } = record
  const keys = topformerKeys(run)
  yield* runReferences(store, record, DECODED)
  const latencies = latencyKey(record)
  if (latencies !== null && (await isAny(store, keys.round(0))))
    yield { key: latencyKeys(latencies).table, remedy: MADE_WHERE_NEEDED, input: true }
  yield* given(record)
  const pretraining = pretrainSpec(record)
  const supernets = variedIn(record).map((varied) => supernetSpec(record, varied))
  for (const spec of pretraining ? [pretraining, ...supernets] : supernets) {
    const trial = trialKey(spec)
    const { result, weights } = trialKeys(trial)
    if (await isAny(store, result)) yield* trialReferences(store, run, trial, [weights])
  }
  yield* rounds(store, record)
  const isOver = (await hasEnded(store, run)) || (await isAny(store, keys.comparison))
  if (!isOver && !(await isAny(store, keys.comparisonRoot))) return
  yield* [{ key: keys.front }, { key: keys.candidates }]
  if (isOver) yield { key: keys.comparison }
  const chosen = await getSound(store, keys.candidates, candidatesSchema)
  yield* comparedReferences(store, run, chosen?.contenders ?? [], isOver)
}

/** What the start of a run has noted and copied beside its dataset. */
function* given({
  run,
  pretraining,
  pretrainedWeights,
  supernetWeights,
}: TopformerRun): Generator<Reference> {
  if (pretraining) yield { key: runKeys(run).files(pretraining.fingerprint), input: true }
  for (const hash of [pretrainedWeights, supernetWeights])
    if (hash !== undefined) yield { key: givenWeights(hash), input: true }
}

async function* rounds(store: ObjectStore, { run }: TopformerRun): AsyncGenerator<Reference> {
  const keys = topformerKeys(run)
  yield* roundReferences(store, run, keys, async (n) => {
    const round = await getSound(store, keys.round(n), roundSchema)
    return (round?.searches.flat() ?? []).map(({ trial }) => trial)
  })
}
