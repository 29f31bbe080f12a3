import { trainBatch } from '../../nas/data/batches.ts'
import type { SegmentationDataset } from '../../nas/data/dataset.ts'
import { evaluationSize } from '../../nas/data/evaluation-size.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { topformerPredictor } from '../../nas/pipelines/topformer/predictor.ts'
import { readPretrained } from '../../nas/pipelines/topformer/pretraining.ts'
import { type TrainSpec, trainSpecSchema } from '../../nas/pipelines/topformer/specs.ts'
import { startingWeights } from '../../nas/pipelines/topformer/starting-weights.ts'
import { trainTask } from '../../nas/pipelines/topformer/task.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { segmentationCard } from '../../nas/tasks/model-card.ts'
import type { Segmented } from '../../nas/tasks/segmentation.ts'
import { resumable } from '../../nas/training/resumable.ts'
import { segmentationGraph, segmentationStep } from '../../nas/training/segmentation.ts'
import { concludeSegmenter } from '../segmenter.ts'
import { checkpointAt, optimiserOf, polynomial, strideLabels, trainedTrial } from '../training.ts'
import type { TopformerContext } from './context.ts'

/**
 * Trains networks that were found, and baselines, from their initial weights, or from slices of a pretrained supernet's, and leaves a
 * model of each.
 */
export async function train(context: TopformerContext): Promise<void> {
  const kind = { spec: trainSpecSchema, success: topformer.task.result }
  await runTrials(context, kind, async (trial, spec) =>
    prepare(context, trial, spec, await context.dataset(spec.dataset)),
  )
}

async function prepare(
  context: TopformerContext,
  trial: string,
  spec: TrainSpec,
  dataset: SegmentationDataset,
): Promise<PreparedTrial<Segmented>> {
  const { engine, store, record } = context
  const { batch, steps } = spec.optimiser
  const { seed, network, augmentation, pretrained } = spec
  const training = await resumable({
    engine,
    graph: segmentationStep(
      trainTask(spec, batch, augmentation.crop),
      optimiserOf(spec.optimiser),
      steps,
      engine.rewrites,
    ),
    address: checkpointAt(store, trialKeys(trial).checkpoint, trial),
    seed,
    ...(pretrained && {
      initial: startingWeights(pretrained, spec, await readPretrained(store, pretrained.from)),
    }),
  })
  return trainedTrial(
    context,
    training,
    {
      name: trial,
      ...polynomial(spec.optimiser),
      batch: async (step) => strideLabels(await trainBatch(dataset, { ...augmentation, batch, seed, step })),
    },
    async (losses) => {
      // Files are read all through a training; this finds one that was replaced meanwhile.
      await context.dataset(spec.dataset)
      const whole = await evaluationSize(dataset, dataset.validation)
      return concludeSegmenter(context, trial, segmentationGraph(trainTask(spec, 1, whole)), {
        trained: await training.read(),
        losses,
        dataset,
        whole,
        card: segmentationCard(record.config.dataset, dataset.classes, whole),
        more: { network, seed },
        predictor: (trained) => topformerPredictor(record, spec, trained),
      })
    },
  )
}
