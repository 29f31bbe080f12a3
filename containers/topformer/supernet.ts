import { trainBatch } from '../../nas/data/batches.ts'
import type { SegmentationDataset } from '../../nas/data/dataset.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { readGiven, readPretrained } from '../../nas/pipelines/topformer/pretraining.ts'
import type { Varied } from '../../nas/pipelines/topformer/settings.ts'
import {
  type GivenSupernetSpec,
  type SupernetSpec,
  supernetSpecSchema,
  type TrainedSupernetSpec,
} from '../../nas/pipelines/topformer/specs.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import type { TopformerGenotype } from '../../nas/spaces/topformer/genotype.ts'
import { segmentationSandwich } from '../../nas/spaces/topformer/sandwich.ts'
import { combine, largest, sample, smallest, type TopformerSpace } from '../../nas/spaces/topformer/space.ts'
import { topformerSupernet } from '../../nas/spaces/topformer/supernet.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { Segmented } from '../../nas/tasks/segmentation.ts'
import type { Tensors } from '../../nas/tensor.ts'
import { finalLoss } from '../result.ts'
import { optimiserOf, polynomial, strideLabels, trainedTrial } from '../training.ts'
import type { TopformerContext } from './context.ts'
import { evaluator } from './evaluator.ts'
import { sandwichTraining, trainedWeights } from './sandwich-training.ts'

/** Trains elastic supernets by the sandwich rule, leaves their weights, and scores their largest networks. */
export async function supernet(context: TopformerContext): Promise<void> {
  const kind = { spec: supernetSpecSchema, success: topformer.task.result }
  await runTrials(context, kind, async (trial, spec) => {
    const dataset = await context.dataset(spec.dataset)
    return 'weights' in spec ? given(context, trial, spec, dataset) : prepare(context, trial, spec, dataset)
  })
}

/** One that was trained before is scored like those that the run trains. No step of it has a loss. */
const given = (
  context: TopformerContext,
  trial: string,
  spec: GivenSupernetSpec,
  dataset: SegmentationDataset,
): PreparedTrial<Segmented> => ({
  training: { dispose: async () => {} },
  finish: async () =>
    conclude(context, trial, spec, dataset, {
      weights: await readGiven(context.store, spec.weights),
      loss: 0,
    }),
})

async function prepare(
  context: TopformerContext,
  trial: string,
  spec: TrainedSupernetSpec,
  dataset: SegmentationDataset,
): Promise<PreparedTrial<Segmented>> {
  const { space, varied, classBalance = 0, seed, augmentation, sandwich, pretrained } = spec
  const { batch } = spec.optimiser
  const net = topformerSupernet(spec)
  const training = await sandwichTraining(context, trial, spec, {
    sandwich: segmentationSandwich({
      supernet: net,
      smallest: within(space, varied, smallest(space)),
      batch,
      crop: augmentation.crop,
      clip: sandwich.clip,
      classBalance,
      optimiser: optimiserOf(spec.optimiser),
    }),
    draw: (rng) => net.masks(within(space, varied, sample(space, rng))),
    ...(pretrained && { initial: await readPretrained(context.store, pretrained) }),
  })
  return trainedTrial(
    context,
    training,
    {
      name: trial,
      ...polynomial(spec.optimiser),
      batch: async (step) => strideLabels(await trainBatch(dataset, { ...augmentation, batch, seed, step })),
    },
    async (losses) =>
      conclude(context, trial, spec, dataset, {
        weights: await trainedWeights(training),
        loss: finalLoss(losses),
      }),
  )
}

/** Scores the largest network of a trained supernet, and leaves its weights. */
async function conclude(
  context: TopformerContext,
  trial: string,
  spec: SupernetSpec,
  dataset: SegmentationDataset,
  { weights, loss }: { readonly weights: Tensors; readonly loss: number },
): Promise<Result<Segmented>> {
  const { store, record } = context
  const score = await evaluator(context, {
    supernet: topformerSupernet(spec),
    weights,
    dataset,
    images: record.config.search.calibration,
    seed: spec.seed,
    loss,
  })
  const scored = await score(largest(spec.space))
  if (scored.status === 'succeeded')
    await store.put(trialKeys(trial).weights, encodeSafetensors(weights, { trial }))
  return scored
}

/** A network of the half that a supernet varies, with the largest other half. */
function within(space: TopformerSpace, varied: Varied, genotype: TopformerGenotype): TopformerGenotype {
  switch (varied) {
    case 'both':
      return genotype
    case 'cnn':
      return combine(genotype, largest(space))
    case 'vit':
      return combine(largest(space), genotype)
  }
}
