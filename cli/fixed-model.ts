import { TrellisError } from '../nas/errors.ts'
import { withChecksum } from '../nas/graph/onnx/checksum.ts'
import { toOnnx } from '../nas/graph/onnx/model.ts'
import { trialKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { TRAIN_AGAIN } from '../nas/runs/remedies.ts'
import { readSpec } from '../nas/runs/trial.ts'
import { decodeSafetensors } from '../nas/store/safetensors.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { ImageShape } from './pipelines/pipeline.ts'

/** Most images at once, and most pixels along a side. */
const MOST = 8192

/** The shape that images are to have; undefined where it is left open. @throws TrellisError `invalid-config` */
export function parseShape(input: string | undefined, batch: string | undefined): ImageShape | undefined {
  if (input === undefined) {
    if (batch === undefined) return undefined
    throw new TrellisError(
      'invalid-config',
      '--batch fixes the number of images of a model whose size is open',
      {
        fix: 'give --input <HxW> with it, or leave it out: the model takes any number of images',
      },
    )
  }
  const [, height, width] = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(input)?.map(Number) ?? []
  if (height === undefined || width === undefined || Math.max(height, width) > MOST)
    throw new TrellisError('invalid-config', `--input ${JSON.stringify(input)} is no height and width`, {
      fix: `give pixels as HxW, e.g. 369x481, at most ${MOST} each`,
    })
  const images = /^[1-9]\d{0,3}$/.test(batch ?? '1') ? Number(batch ?? '1') : MOST + 1
  if (images > MOST)
    throw new TrellisError('invalid-config', `--batch ${JSON.stringify(batch)} is no number of images`, {
      fix: `give a number from 1 to ${MOST}`,
    })
  return [images, 3, height, width]
}

/** The weights that a trial has left. @throws TrellisError `not-found`, and `store-failed` where they are damaged */
export async function readWeights(store: ObjectStore, trial: string): Promise<Uint8Array> {
  const { weights } = trialKeys(trial)
  const bytes = await store.get(weights)
  if (bytes !== undefined) return bytes
  throw new TrellisError('not-found', `${store.location}/${weights} does not exist`, {
    fix: TRAIN_AGAIN,
  })
}

/** The model of a trial for images of one shape: for programs that take no other, as OpenCV 4 and TensorRT do. */
export async function fixedModel(
  store: ObjectStore,
  record: RunRecord,
  trial: string,
  shape: ImageShape,
  card: Readonly<Record<string, unknown>>,
): Promise<Uint8Array> {
  const graph = pipelineOf(record.config).graph(record, await readSpec(store, trial), shape)
  const { tensors } = decodeSafetensors(
    await readWeights(store, trial),
    `${store.location}/${trialKeys(trial).weights}`,
  )
  const metadata = Object.entries({ ...card, size: shape.slice(2) }).map(([name, value]) => [
    name,
    JSON.stringify(value),
  ])
  return withChecksum(
    toOnnx(graph, { parameters: tensors, metadata: Object.fromEntries(metadata), exported: {} }),
  )
}
