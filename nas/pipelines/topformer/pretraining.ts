import { z } from 'zod'
import { imageAugmentationSchema } from '../../data/image-augmentation-schema.ts'
import { TrellisError } from '../../errors.ts'
import { hashSchema } from '../../runs/contract.ts'
import { readWeights } from '../../runs/model.ts'
import { readMade } from '../../runs/read-made.ts'
import { getResult } from '../../runs/result.ts'
import { trialKey } from '../../runs/trial.ts'
import { topformerSpaceSchema } from '../../spaces/topformer/space-schema.ts'
import type { ObjectStore } from '../../store/store.ts'
import type { Tensors } from '../../tensor.ts'
import { spaceOf } from './config.ts'
import { givenWeights } from './keys.ts'
import type { TopformerRun } from './run.ts'
import { labelSmoothing, optimiserOf, optimiserSchema, sandwichSchema, side } from './settings.ts'
import { task } from './spec-task.ts'

/** The pretraining of a supernet on labelled images, by the sandwich rule. */
export const pretrainSpecSchema = z
  .strictObject({
    kind: z.literal('pretrain'),
    ...task,
    space: topformerSpaceSchema,
    sandwich: sandwichSchema,
    image: side,
    augmentation: imageAugmentationSchema,
    labelSmoothing,
    optimiser: optimiserSchema,
  })
  .readonly()
export type PretrainSpec = z.infer<typeof pretrainSpecSchema>

/** Undefined for a run that pretrains nothing. */
export function pretrainSpec({ contract, config, pretraining }: TopformerRun): PretrainSpec | undefined {
  const { pretrain } = config
  if (pretrain === undefined || 'weights' in pretrain) return undefined
  const { sampled, clip, image, augmentation, labelSmoothing } = pretrain
  return {
    kind: 'pretrain',
    contract,
    classes: pretraining!.classes.length,
    dataset: pretraining!.fingerprint,
    attentionScale: config.attentionScale,
    seed: config.seed,
    engine: config.compute.engine,
    space: spaceOf(config),
    sandwich: { sampled, clip },
    image,
    augmentation,
    labelSmoothing,
    optimiser: optimiserOf(pretrain),
  }
}

/** What a training starts from: the supernet of a trial, or weights that were given. */
export const pretrainedSchema = z.union([
  z.strictObject({ trial: hashSchema }).readonly(),
  z.strictObject({ weights: hashSchema }).readonly(),
])
export type Pretrained = z.infer<typeof pretrainedSchema>

/** Undefined for a run whose trainings start from initial weights. */
export function pretrainedOf(record: TopformerRun): Pretrained | undefined {
  const { pretrain } = record.config
  if (pretrain === undefined) return undefined
  if ('weights' in pretrain) return { weights: record.pretrainedWeights! }
  return { trial: trialKey(pretrainSpec(record)!) }
}

/** @throws TrellisError `not-found` before the supernet is pretrained, `store-failed` for weights that are damaged */
export async function readPretrained(store: ObjectStore, pretrained: Pretrained): Promise<Tensors> {
  if ('weights' in pretrained) return readGiven(store, pretrained.weights)
  const { trial } = pretrained
  if ((await getResult(store, trial))?.status === 'succeeded') return readWeights(store, trial)
  throw new TrellisError('not-found', `supernet ${trial} has not been pretrained`, {
    fix: 'resume the run: it pretrains its supernet first',
  })
}

/** Weights that the start of a run has copied into the store. @throws see `readMade` */
export const readGiven = (store: ObjectStore, hash: string): Promise<Tensors> => {
  const key = givenWeights(hash)
  return readMade(store, { key, manifest: key })
}
