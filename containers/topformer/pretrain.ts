import type { ClassificationDataset } from '../../nas/data/dataset.ts'
import { labelledImages, trainImages } from '../../nas/data/labelled-batches.ts'
import { type PretrainSpec, pretrainSpecSchema } from '../../nas/pipelines/topformer/pretraining.ts'
import { random } from '../../nas/random.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { classificationSandwich } from '../../nas/spaces/topformer/sandwich.ts'
import { largest, sample, smallest } from '../../nas/spaces/topformer/space.ts'
import { calibrationOf } from '../../nas/spaces/topformer/sub-networks.ts'
import { EPSILON, isOfBackbone, topformerSupernet } from '../../nas/spaces/topformer/supernet.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import { type Classified, classification } from '../../nas/tasks/classification.ts'
import type { Tensors } from '../../nas/tensor.ts'
import { calibrated } from '../../nas/training/calibrate.ts'
import { classificationGraph } from '../../nas/training/classification.ts'
import { classifyImages } from '../../nas/training/classification-predictor.ts'
import { openNoted } from '../pipeline-context.ts'
import { classified } from '../result.ts'
import { optimiserOf, polynomial, trainedTrial } from '../training.ts'
import type { TopformerContext } from './context.ts'
import { sandwichTraining, trainedWeights } from './sandwich-training.ts'

/**
 * Pretrains an elastic supernet on labelled images by the sandwich rule (section 4.2), scores its largest network, and leaves its weights
 * but for the head.
 */
export async function pretrain(context: TopformerContext): Promise<void> {
  const kind = { spec: pretrainSpecSchema, success: classification.result }
  await runTrials(context, kind, (trial, spec) => prepare(context, trial, spec))
}

async function prepare(
  context: TopformerContext,
  trial: string,
  spec: PretrainSpec,
): Promise<PreparedTrial<Classified>> {
  const { space, image, labelSmoothing, seed, augmentation, sandwich } = spec
  const { batch } = spec.optimiser
  const dataset = await datasetOf(context, spec)
  const net = topformerSupernet({ ...spec, head: 'images' })
  const training = await sandwichTraining(context, trial, spec, {
    sandwich: classificationSandwich({
      supernet: net,
      smallest: smallest(space),
      batch,
      image,
      labelSmoothing,
      clip: sandwich.clip,
      optimiser: optimiserOf(spec.optimiser),
    }),
    draw: (rng) => net.masks(sample(space, rng)),
  })
  return trainedTrial(
    context,
    training,
    {
      name: trial,
      ...polynomial(spec.optimiser),
      batch: (step) => trainImages(dataset, dataset.train, { batch, seed, step, size: image, augmentation }),
    },
    async (losses) => {
      const weights = await trainedWeights(training)
      const scored = await score(context, spec, dataset, { weights, losses })
      const backbone = Object.fromEntries(Object.entries(weights).filter(([name]) => isOfBackbone(name)))
      if (scored.status === 'succeeded')
        await context.store.put(trialKeys(trial).weights, encodeSafetensors(backbone, { trial }))
      return scored
    },
  )
}

/** That of `pretrain`, as the start of the run has found it. */
function datasetOf(context: TopformerContext, { dataset }: PretrainSpec): Promise<ClassificationDataset> {
  const { pretrain } = context.record.config
  if (pretrain === undefined || 'weights' in pretrain) throw new Error('the run pretrains nothing')
  return openNoted(context, classification, pretrain.dataset, dataset)
}

/** Training images whose mean statistics the largest network gets, so many at once. */
const CALIBRATION = { images: 256, atOnce: 64 } as const

interface Trained {
  readonly weights: Tensors
  readonly losses: readonly number[]
}

/** Top-1 accuracy of the largest network. */
async function score(
  { engine }: TopformerContext,
  { space, classes, attentionScale, image, seed }: PretrainSpec,
  dataset: ClassificationDataset,
  { weights, losses }: Trained,
): Promise<Result<Classified>> {
  const net = topformerSupernet({ space, classes, attentionScale, head: 'images' })
  const network = net.networkOf(largest(space))
  const chosen = random(seed, 'calibration')
    .shuffle([...dataset.train])
    .slice(0, CALIBRATION.images)
  const atOnce = Math.min(CALIBRATION.atOnce, chosen.length)
  // Statistics are those of full batches.
  const refs = chosen.slice(0, chosen.length - (chosen.length % atOnce))
  const calibration = calibrationOf(network, [atOnce, 3, image, image])
  const images = imagesOf(labelledImages(dataset, refs, image, atOnce))
  const own = await calibrated(engine, calibration, weights, images)
  const graphFor = (n: number) => classificationGraph({ network, image: [n, 3, image, image] }, EPSILON)
  const counts = await classifyImages(
    engine,
    { graphFor, weights: own, size: image, classes },
    dataset,
    dataset.validation,
  )
  return classified(counts, { single: graphFor(1), losses })
}

async function* imagesOf(batches: ReturnType<typeof labelledImages>) {
  for await (const { image } of batches) yield { image }
}
