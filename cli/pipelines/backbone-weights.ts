import { createHash } from 'node:crypto'
import { dirname, join, parse } from 'node:path'
import { TrellisError } from '../../nas/errors.ts'
import { GraphBuilder } from '../../nas/graph/builder.ts'
import { type BackboneOptions, backboneFeatures } from '../../nas/nets/backbones/index.ts'
import { backboneWeights } from '../../nas/nets/weights.ts'
import type { RunConfig } from '../../nas/runs/config.ts'
import { backboneKeys, backboneManifestSchema } from '../../nas/runs/inputs.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { type InputKind, MEGABYTE } from '../../nas/store/input-file.ts'
import { getSound, jsonBytes } from '../../nas/store/json.ts'
import { isPyTorchFile } from '../../nas/store/pytorch-file.ts'
import { decodeSafetensors, encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Tensors } from '../../nas/tensor.ts'
import { readInputAt } from './input-location.ts'
import type { PreparedInputs } from './pipeline.ts'

/** A backbone, trained before or by the run itself. */
type Backbone = BackboneOptions & ({ readonly weights: string } | { readonly pretrain: object })

/**
 * Checks the weights that a configuration names, and puts them where jobs find the backbone.
 * @param keyOf the key of the backbone of a run
 */
export async function prepareWeights<C extends RunConfig, F extends BackboneFacts>(
  backbone: Backbone,
  keyOf: (record: RunRecord<C, F>) => string,
): Promise<PreparedInputs<C, F>> {
  if (!('weights' in backbone)) return { facts: {}, put: async () => {} }
  const { tensors, hash } = await readBackboneWeights(backbone.weights, backbone)
  return {
    facts: { backboneWeights: hash } as Partial<F>,
    async put(store, record) {
      const key = keyOf(record)
      const keys = backboneKeys(key)
      await store.put(keys.weights, encodeSafetensors(tensors, { backbone: key }))
      await store.put(keys.manifest, jsonBytes({ backbone: key }))
    },
  }
}

interface BackboneFacts {
  readonly backboneWeights?: string | undefined
}

/** Whether weights of a user are where jobs find the backbone. */
export const hasWeights = async (
  store: ObjectStore,
  backbone: Backbone,
  key: () => string,
): Promise<boolean> =>
  !('weights' in backbone) ||
  (await getSound(store, backboneKeys(key()).manifest, backboneManifestSchema)) !== undefined

/**
 * The backbone's weights in a safetensors file, by our names, and a hash of the file.
 * @param file a path or an `s3://` address
 * @throws TrellisError `invalid-checkpoint` for a file that is missing, broken, or of another network
 */
export async function readBackboneWeights(
  file: string,
  backbone: BackboneOptions,
): Promise<{ tensors: Tensors; hash: string }> {
  const { tensors, bytes } = await readTensors(file, WEIGHTS)
  return {
    tensors: backboneWeights(tensors, backbone.network, graphOf(backbone), file),
    hash: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
  }
}

/**
 * The tensors of a safetensors file.
 * @throws TrellisError of the kind's code, and `invalid-checkpoint` for a file that is broken
 */
export async function readTensors(
  file: string,
  kind: InputKind,
): Promise<{ readonly tensors: Tensors; readonly bytes: Uint8Array }> {
  const bytes = await readInputAt(file, kind)
  if (isPyTorchFile(bytes))
    throw new TrellisError(kind.code, `${file} is a PyTorch file, and weights are read from safetensors`, {
      fix: `convert it: ${conversionOf(file)}`,
    })
  return { tensors: decodeSafetensors(bytes, file).tensors, bytes }
}

/** Of what torchvision gives; examples/convert-weights.py reads checkpoints of trainings, too. */
const conversionOf = (file: string): string => {
  const [from, to] = [file, join(dirname(file), `${parse(file).name}.safetensors`)].map((path) =>
    JSON.stringify(path).replaceAll("'", '\\x27'),
  )
  return `python3 -c 'import torch, safetensors.torch; safetensors.torch.save_file(torch.load(${from}, map_location="cpu"), ${to})'`
}

const WEIGHTS: InputKind = {
  what: 'file of weights',
  limit: 1024 * MEGABYTE,
  code: 'invalid-checkpoint',
  fix: 'correct backbone.weights, or leave it out to pretrain the backbone',
}

/** The parameters do not depend on the size of the image. */
function graphOf(backbone: BackboneOptions) {
  const graph = new GraphBuilder()
  const image = graph.input('image', { dtype: 'float32', shape: [1, 3, 33, 33] })
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  return graph.build({ features: backboneFeatures(context, image, backbone) })
}
