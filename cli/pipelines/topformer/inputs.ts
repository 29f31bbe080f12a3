import { createHash } from 'node:crypto'
import { TrellisError } from '../../../nas/errors.ts'
import { spaceOf, type TopformerConfig } from '../../../nas/pipelines/topformer/config.ts'
import { givenWeights } from '../../../nas/pipelines/topformer/keys.ts'
import type { TopformerFacts, TopformerRun } from '../../../nas/pipelines/topformer/run.ts'
import { filesSchema, putFiles } from '../../../nas/runs/dataset.ts'
import { runKeys } from '../../../nas/runs/keys.ts'
import { classesOf, givenSupernet } from '../../../nas/spaces/topformer/given.ts'
import { isOfBackbone } from '../../../nas/spaces/topformer/supernet.ts'
import { type InputKind, MEGABYTE } from '../../../nas/store/input-file.ts'
import { getSound } from '../../../nas/store/json.ts'
import { encodeSafetensors } from '../../../nas/store/safetensors.ts'
import { flawOf } from '../../../nas/store/soundness.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { classification } from '../../../nas/tasks/classification.ts'
import type { Tensors } from '../../../nas/tensor.ts'
import { readTensors } from '../backbone-weights.ts'
import type { LookAt, PreparedInputs } from '../pipeline.ts'

type Prepared = PreparedInputs<TopformerConfig, TopformerFacts>

const NOTHING: Prepared = { facts: {}, put: async () => {} }

/** Checks what the supernet starts from, and puts it where jobs find it: labelled images, or weights. */
export async function prepareSupernet(config: TopformerConfig, look: LookAt): Promise<Prepared> {
  const pretraining = await preparePretraining(config, look)
  const supernet = await prepareTrained(config)
  return {
    facts: { ...pretraining.facts, ...supernet.facts },
    ...(pretraining.config && { config: pretraining.config }),
    async put(store, record) {
      await supernet.put(store, record)
      await pretraining.put(store, record)
    },
  }
}

async function preparePretraining(config: TopformerConfig, look: LookAt): Promise<Prepared> {
  const { pretrain } = config
  if (pretrain === undefined) return NOTHING
  if ('weights' in pretrain) {
    const { tensors } = await readTensors(pretrain.weights, kindOf('pretrain.weights'))
    const options = { ...config, space: spaceOf(config), classes: ANY }
    const where = `pretrain.weights: ${pretrain.weights}`
    const { hash, put } = given(givenSupernet(tensors, options, isOfBackbone, where))
    return { facts: { pretrainedWeights: hash }, put }
  }
  const { source, dataset, files, counts, warnings, extent } = await look(classification, pretrain.dataset)
  return {
    facts: { pretraining: dataset },
    config: { ...config, pretrain: { ...pretrain, dataset: source as typeof pretrain.dataset } },
    put: (store, { run }) => putFiles(store, run, dataset.fingerprint, files, { counts, warnings, extent }),
  }
}

async function prepareTrained(config: TopformerConfig): Promise<Prepared> {
  const { weights: file } = config.supernet
  if (file === undefined) return NOTHING
  const { tensors } = await readTensors(file, kindOf('supernet.weights'))
  const where = `supernet.weights: ${file}`
  const classes = classesOf(tensors) ?? ANY
  const { hash, put } = given(
    givenSupernet(tensors, { ...config, space: spaceOf(config), classes }, () => true, where),
  )
  return {
    facts: { supernetWeights: hash },
    async put(store, record) {
      const wanted = record.dataset.classes.length
      if (classes !== wanted)
        throw new TrellisError(
          'invalid-checkpoint',
          `${where} tells ${classes} classes apart, and the dataset has ${wanted}`,
          { fix: 'give it as pretrain.weights: all but the head is taken, and the supernet is trained' },
        )
      await put(store)
    },
  }
}

/** Classes of a head that does not matter. */
const ANY = 1

/** Where the weights lie by their hash, and what puts them there. */
function given(weights: Tensors) {
  const bytes = encodeSafetensors(weights)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  return { hash, put: (store: ObjectStore) => store.put(givenWeights(hash), bytes) }
}

const kindOf = (key: string): InputKind => ({
  what: 'file of weights',
  limit: 1024 * MEGABYTE,
  code: 'invalid-checkpoint',
  fix: `correct ${key}, or leave it out`,
})

/** Whether all of that is there. */
export async function hasSupernetInputs(
  store: ObjectStore,
  { run, pretraining, pretrainedWeights, supernetWeights }: TopformerRun,
): Promise<boolean> {
  for (const hash of [pretrainedWeights, supernetWeights])
    if (hash !== undefined && !(await isSound(store, givenWeights(hash)))) return false
  if (pretraining === undefined) return true
  return (await getSound(store, runKeys(run).files(pretraining.fingerprint), filesSchema)) !== undefined
}

async function isSound(store: ObjectStore, key: string): Promise<boolean> {
  const bytes = await store.get(key)
  return bytes !== undefined && flawOf(key, bytes) === undefined
}
