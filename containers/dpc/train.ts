import { trainBatch } from '../../nas/data/batches.ts'
import type { SegmentationDataset } from '../../nas/data/dataset.ts'
import { evaluationSize } from '../../nas/data/evaluation-size.ts'
import { cellTask } from '../../nas/pipelines/dpc/cell-task.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { dpcPredictor } from '../../nas/pipelines/dpc/predictor.ts'
import { type TrainSpec, trainSpecSchema } from '../../nas/pipelines/dpc/specs.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { DROPPED_ONE_IN } from '../../nas/spaces/dpc/cell.ts'
import { segmentationCard } from '../../nas/tasks/model-card.ts'
import type { Segmented } from '../../nas/tasks/segmentation.ts'
import { dropoutNoise } from '../../nas/training/noise.ts'
import { resumable } from '../../nas/training/resumable.ts'
import { segmentationGraph, segmentationStep, subsampled } from '../../nas/training/segmentation.ts'
import { readBackbone } from '../backbone.ts'
import { concludeSegmenter } from '../segmenter.ts'
import { checkpointAt, optimiserOf, polynomial, strideLabels, trainedTrial } from '../training.ts'
import type { DpcContext } from './context.ts'

type Size = readonly [height: number, width: number]

/** Trains cells together with their backbone, in full (DPC section 3.3, re-ranking), and leaves a model of each. */
export async function train(context: DpcContext): Promise<void> {
  const kind = { spec: trainSpecSchema, success: dpc.task.result }
  await runTrials(context, kind, async (trial, spec) => {
    const dataset = await context.dataset(spec.dataset)
    return prepare(context, trial, spec, dataset, await evaluationSize(dataset, dataset.validation))
  })
}

async function prepare(
  context: DpcContext,
  trial: string,
  spec: TrainSpec,
  dataset: SegmentationDataset,
  whole: Size,
): Promise<PreparedTrial<Segmented>> {
  const { engine, store, record } = context
  const { batch, steps } = spec.optimiser
  const { seed, genotype, augmentation } = spec
  const { backbone } = record.config
  const keys = trialKeys(trial)
  const taskOf = (images: number, size: Size) => cellTask(record.config, spec, images, size)
  const training = await resumable({
    engine,
    graph: segmentationStep(
      taskOf(batch, augmentation.crop),
      optimiserOf(spec.optimiser),
      steps,
      engine.rewrites,
    ),
    address: checkpointAt(store, keys.checkpoint, trial),
    seed,
    initial: await readBackbone(store, spec.backbone),
  })
  const [height, width] = subsampled(augmentation.crop, backbone.outputStride)
  const concatenated = [batch, genotype.branches.length * spec.filters, height, width] as const
  return trainedTrial(
    context,
    training,
    {
      name: trial,
      ...polynomial(spec.optimiser),
      batch: async (step) => ({
        ...strideLabels(await trainBatch(dataset, { ...augmentation, batch, seed, step })),
        ...dropoutNoise({ shape: concatenated, oneIn: DROPPED_ONE_IN, seed, step }),
      }),
    },
    async (losses) => {
      // Files are read all through a training; this finds one that was replaced meanwhile.
      await context.dataset(spec.dataset)

      const graph = segmentationGraph(taskOf(1, whole))
      return concludeSegmenter(context, trial, graph, {
        trained: await training.read(),
        losses,
        dataset,
        whole,
        card: segmentationCard(record.config.dataset, dataset.classes, whole),
        more: { genotype, seed },
        predictor: (trained) => dpcPredictor(record, spec, trained),
      })
    },
  )
}
