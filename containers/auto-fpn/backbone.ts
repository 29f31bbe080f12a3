import { TrellisError } from '../../nas/errors.ts'
import { backboneKey } from '../../nas/pipelines/auto-fpn/inputs.ts'
import { networkOf } from '../../nas/pipelines/auto-fpn/network.ts'
import { backboneKeys } from '../../nas/runs/inputs.ts'
import { Interrupted } from '../../nas/runs/interrupted.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import { trainDetection } from '../../nas/training/detection/batches.ts'
import { checkpointAt, runTraining } from '../training.ts'
import type { AutoFpnContext } from './context.ts'
import { cosine, resumeDetector } from './train-detector.ts'

/**
 * Trains the backbone in an FPN detector on the run's own training images, where no weights were given: features must mean
 * something before necks and heads can be searched on them.
 */
export async function backbone(context: AutoFpnContext): Promise<void> {
  const { store, record, engine } = context
  const { config } = record
  const { backbone, seed, image, augmentation } = config
  if (!('pretrain' in backbone))
    throw new TrellisError('invalid-config', 'the backbone has weights and cannot be pretrained', {
      fix: 'resume the run: it copies the weights into the store',
    })
  const key = backboneKey(record)
  const keys = backboneKeys(key)
  const classes = record.dataset.classes.length
  const sizes = { classes, detector: config.detector, backbone: { ...backbone, weights: key } }
  const training = await resumeDetector({
    engine,
    detector: networkOf(sizes, null, false),
    image,
    optimiser: backbone.pretrain,
    address: checkpointAt(store, keys.checkpoint, key),
    seed,
    initial: {},
  })
  const dataset = await context.dataset()
  const { batch } = backbone.pretrain
  const result = await runTraining(context, training, {
    name: key,
    ...cosine(backbone.pretrain),
    batch: (step) =>
      trainDetection(dataset, dataset.train, { batch, seed, step, crop: image, ...augmentation }),
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
  await training.dispose()
  await store.put(keys.weights, encodeSafetensors(Object.fromEntries(tensors), { backbone: key }))
  await store.put(keys.manifest, jsonBytes({ backbone: key }))
}
