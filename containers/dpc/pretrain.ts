import { trainBatch } from '../../nas/data/batches.ts'
import { TrellisError } from '../../nas/errors.ts'
import { backboneBlocks, lastAtStride } from '../../nas/nets/backbones/index.ts'
import { decoder } from '../../nas/nets/decoder.ts'
import { convBn, type Network, pointwiseWithBias } from '../../nas/nets/layers.ts'
import { backboneKey } from '../../nas/pipelines/dpc/backbone.ts'
import type { DpcConfig } from '../../nas/pipelines/dpc/config.ts'
import { augmentationOf } from '../../nas/pipelines/dpc/settings.ts'
import { backboneKeys } from '../../nas/runs/inputs.ts'
import { Interrupted } from '../../nas/runs/interrupted.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import { resumable } from '../../nas/training/resumable.ts'
import { LABEL_STRIDE, segmentationStep, subsampled } from '../../nas/training/segmentation.ts'
import { checkpointAt, optimiserOf, polynomial, runTraining, strideLabels } from '../training.ts'
import type { DpcContext } from './context.ts'

/**
 * Trains the backbone, and the decoder where networks have one, under a plain classifier on the run's own training images, where no
 * weights were given: features must mean something before cells can be compared on them.
 */
export async function pretrain(context: DpcContext): Promise<void> {
  const { store, record, engine } = context
  const { backbone, seed, classBalance } = record.config
  if (!('pretrain' in backbone))
    throw new TrellisError('invalid-config', 'the backbone has weights and cannot be pretrained', {
      fix: 'resume the run: it copies the weights into the store',
    })
  const { batch, steps } = backbone.pretrain
  const augmentation = augmentationOf(backbone.pretrain)
  const key = backboneKey(record)
  const keys = backboneKeys(key)
  const network = pretrainingNetwork(record.config, record.dataset.classes.length)
  const training = await resumable({
    engine,
    graph: segmentationStep(
      {
        network,
        input: { name: 'image', shape: [batch, 3, ...augmentation.crop] },
        labels: subsampled(augmentation.crop, LABEL_STRIDE),
        classBalance,
      },
      optimiserOf(backbone.pretrain),
      steps,
      engine.rewrites,
    ),
    address: checkpointAt(store, keys.checkpoint, key),
    seed,
  })
  const dataset = await context.dataset()
  const result = await runTraining(context, training, {
    name: key,
    ...polynomial(backbone.pretrain),
    batch: async (step) => strideLabels(await trainBatch(dataset, { ...augmentation, batch, seed, step })),
  })
  if (result.kind === 'interrupted') throw new Interrupted()
  if (result.kind === 'diverged')
    throw new TrellisError(
      'job-failed',
      `pretraining of the backbone diverged at step ${result.step}: ${result.what}`,
      { fix: 'lower backbone.pretrain.learningRate' },
    )
  const tensors = Object.entries(await training.read()).filter(
    ([name]) => /^(backbone|decoder)\//.test(name) && !name.includes(':'),
  )
  await store.put(keys.weights, encodeSafetensors(Object.fromEntries(tensors), { backbone: key }))
  await store.put(keys.manifest, jsonBytes({ backbone: key }))
}

/** The features of the backbone, refined by the decoder where there is one, and a linear classifier. */
function pretrainingNetwork({ backbone, decoder: isRefined, space }: DpcConfig, classes: number): Network {
  return (layers, image) => {
    const blocks = backboneBlocks(layers, image, backbone)
    const features = blocks.at(-1)!
    const refined = () => {
      const projected = convBn(layers, 'projection', features, {
        channels: space.filters,
        activation: 'relu',
      })
      return decoder(layers, projected, lastAtStride(blocks, image, 4))
    }
    return pointwiseWithBias(layers, 'classifier', isRefined ? refined() : features, classes, {
      kind: 'truncated-normal',
      deviation: 0.01,
    })
  }
}
