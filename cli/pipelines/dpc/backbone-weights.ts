import { createHash } from 'node:crypto'
import { basename, dirname, join, parse } from 'node:path'
import { TrellisError } from '../../../nas/errors.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { type BackboneOptions, backboneFeatures } from '../../../nas/nets/backbones/index.ts'
import { backboneWeights } from '../../../nas/nets/weights.ts'
import { backboneKey, backboneManifestSchema } from '../../../nas/pipelines/dpc/backbone.ts'
import type { DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import { backboneKeys } from '../../../nas/pipelines/dpc/keys.ts'
import type { DpcFacts, DpcRun } from '../../../nas/pipelines/dpc/run.ts'
import { type InputKind, MEGABYTE, readInput } from '../../../nas/store/input-file.ts'
import { getSound, jsonBytes } from '../../../nas/store/json.ts'
import { openStore } from '../../../nas/store/open.ts'
import { isPyTorchFile } from '../../../nas/store/pytorch-file.ts'
import { decodeSafetensors, encodeSafetensors } from '../../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import type { Tensors } from '../../../nas/tensor.ts'
import type { PreparedInputs } from '../pipeline.ts'

/** Checks the weights that a configuration names, and puts them where jobs find the backbone. */
export async function prepareWeights({ backbone }: DpcConfig): Promise<PreparedInputs<DpcConfig, DpcFacts>> {
  if (!('weights' in backbone)) return { facts: {}, put: async () => {} }
  const { tensors, hash } = await readBackboneWeights(backbone.weights, backbone)
  return {
    facts: { backboneWeights: hash },
    async put(store, record) {
      const key = backboneKey(record)
      const keys = backboneKeys(key)
      await store.put(keys.weights, encodeSafetensors(tensors, { backbone: key }))
      await store.put(keys.manifest, jsonBytes({ backbone: key }))
    },
  }
}

/** Whether weights of a user are where jobs find the backbone. */
export async function hasWeights(store: ObjectStore, record: DpcRun): Promise<boolean> {
  if (!('weights' in record.config.backbone)) return true
  const { manifest } = backboneKeys(backboneKey(record))
  return (await getSound(store, manifest, backboneManifestSchema)) !== undefined
}

/**
 * The backbone's weights in a safetensors file, by our names, and a hash of the file.
 * @param file a path or an `s3://` address
 * @throws TrellisError `invalid-checkpoint` for a file that is missing, broken, or of another network
 */
export async function readBackboneWeights(
  file: string,
  backbone: BackboneOptions,
): Promise<{ tensors: Tensors; hash: string }> {
  const bytes = await readWeights(file)
  if (isPyTorchFile(bytes))
    throw new TrellisError(WEIGHTS.code, `${file} is a PyTorch file, and weights are read from safetensors`, {
      fix: `convert it: ${conversionOf(file)}`,
    })
  const { tensors } = decodeSafetensors(bytes, file)
  return {
    tensors: backboneWeights(tensors, backbone.network, graphOf(backbone), file),
    hash: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
  }
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

async function readWeights(file: string): Promise<Uint8Array> {
  if (!file.startsWith('s3://')) return readInput(file, WEIGHTS)
  const bytes = await openStore(dirname(file)).get(basename(file))
  if (bytes !== undefined) return bytes
  throw new TrellisError(WEIGHTS.code, `cannot read ${file}: there is no such object`, { fix: WEIGHTS.fix })
}

/** The parameters do not depend on the size of the image. */
function graphOf(backbone: BackboneOptions) {
  const graph = new GraphBuilder()
  const image = graph.input('image', { dtype: 'float32', shape: [1, 3, 33, 33] })
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  return graph.build({ features: backboneFeatures(context, image, backbone) })
}
