import { trainBatch } from '../../nas/data/batches.ts'
import { TrellisError } from '../../nas/errors.ts'
import { backboneFeatures } from '../../nas/nets/backbones/index.ts'
import { type Network, pointwiseWithBias } from '../../nas/nets/layers.ts'
import { backboneKey } from '../../nas/pipelines/dpc/backbone.ts'
import { backboneKeys } from '../../nas/pipelines/dpc/keys.ts'
import { Interrupted } from '../../nas/runs/interrupted.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import { resumable } from '../../nas/training/resumable.ts'
import { LABEL_STRIDE, segmentationStep, subsampled } from '../../nas/training/segmentation.ts'
import { checkpointAt, optimiserOf, runTraining, strideLabels } from '../training.ts'
import type { DpcContext } from './context.ts'
import { polynomial } from './schedule.ts'

/**
 * Trains the backbone under a plain classifier on the run's own training images, where no weights were given: features
 * must mean something before cells can be compared on them.
 */
export async function pretrain(context: DpcContext): Promise<void> {
  const { store, record, engine } = context
  const { backbone, seed } = record.config
  if (!('pretrain' in backbone))
    throw new TrellisError('invalid-config', 'the backbone has weights and cannot be pretrained', {
      fix: 'resume the run: it copies the weights into the store',
    })
  const { crop, batch, steps } = backbone.pretrain
  const key = backboneKey(record)
  const keys = backboneKeys(key)
  const network: Network = (layers, image) =>
    pointwiseWithBias(
      layers,
      'classifier',
      backboneFeatures(layers, image, backbone),
      record.dataset.classes.length,
      {
        kind: 'truncated-normal',
        deviation: 0.01,
      },
    )
  const training = await resumable({
    engine,
    graph: segmentationStep(
      {
        network,
        input: { name: 'image', shape: [batch, 3, ...crop] },
        labels: subsampled(crop, LABEL_STRIDE),
      },
      optimiserOf(backbone.pretrain),
      steps,
    ),
    address: checkpointAt(store, keys.checkpoint, key),
    seed,
  })
  const dataset = await context.dataset()
  const result = await runTraining(context, training, {
    name: key,
    ...polynomial(backbone.pretrain),
    batch: async (step) => strideLabels(await trainBatch(dataset, { ...backbone.pretrain, seed, step })),
  })
  if (result.kind === 'interrupted') throw new Interrupted()
  if (result.kind === 'diverged')
    throw new TrellisError(
      'job-failed',
      `pretraining of the backbone diverged at step ${result.step}: ${result.what}`,
      { fix: 'lower backbone.pretrain.learningRate' },
    )
  const tensors = Object.entries(await training.read()).filter(
    ([name]) => name.startsWith('backbone/') && !name.includes(':'),
  )
  await store.put(keys.weights, encodeSafetensors(Object.fromEntries(tensors), { backbone: key }))
  await store.put(keys.manifest, jsonBytes({ backbone: key }))
}
