import { evaluationInput } from '../../nas/data/augment.ts'
import { trainBatch } from '../../nas/data/batches.ts'
import type { SegmentationDataset } from '../../nas/data/dataset.ts'
import { evaluationSize } from '../../nas/data/evaluation-size.ts'
import type { Graph } from '../../nas/graph/graph.ts'
import { cellTask } from '../../nas/pipelines/dpc/cell-task.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { dpcPredictor } from '../../nas/pipelines/dpc/predictor.ts'
import { type TrainSpec, trainSpecSchema } from '../../nas/pipelines/dpc/specs.ts'
import { completed } from '../../nas/runs/completed.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { DROPPED_ONE_IN } from '../../nas/spaces/dpc/cell.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import { segmentationCard } from '../../nas/tasks/model-card.ts'
import type { Segmented } from '../../nas/tasks/segmentation.ts'
import { float32, type Tensors } from '../../nas/tensor.ts'
import { dropoutNoise } from '../../nas/training/noise.ts'
import { resumable } from '../../nas/training/resumable.ts'
import { segmentationGraph, segmentationStep, subsampled } from '../../nas/training/segmentation.ts'
import { wholeImages } from '../../nas/training/segmentation-predictor.ts'
import { readBackbone } from '../backbone.ts'
import { exportModel } from '../export-model.ts'
import { drawPredictions } from '../predictions.ts'
import { score } from '../result.ts'
import { scoreOnTest } from '../test-score.ts'
import { checkpointAt, optimiserOf, runTraining, strideLabels } from '../training.ts'
import type { DpcContext } from './context.ts'
import { polynomial } from './schedule.ts'

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
    graph: segmentationStep(taskOf(batch, augmentation.crop), optimiserOf(spec.optimiser), steps),
    address: checkpointAt(store, keys.checkpoint, trial),
    seed,
    initial: await readBackbone(store, spec.backbone),
  })
  const [height, width] = subsampled(augmentation.crop, backbone.outputStride)
  const concatenated = [batch, genotype.branches.length * spec.filters, height, width] as const
  return {
    training,
    async finish() {
      const result = await runTraining(context, training, {
        name: trial,
        ...polynomial(spec.optimiser),
        batch: async (step) => ({
          ...strideLabels(await trainBatch(dataset, { ...augmentation, batch, seed, step })),
          ...dropoutNoise({ shape: concatenated, oneIn: DROPPED_ONE_IN, seed, step }),
        }),
      })
      const end = completed(result)
      if ('failed' in end) return end.failed
      // Files are read all through a training; this finds one that was replaced meanwhile.
      await context.dataset(spec.dataset)

      const graph = segmentationGraph(taskOf(1, whole))
      return conclude(context, trial, graph, {
        trained: await training.read(),
        losses: end.losses,
        dataset,
        whole,
        spec,
      })
    },
  }
}

interface Trained {
  readonly trained: Tensors
  readonly losses: readonly number[]
  readonly dataset: SegmentationDataset
  readonly whole: Size
  readonly spec: TrainSpec
}

/** Scores a trained network, and writes its weights, its model and pictures of its predictions. */
async function conclude(
  { engine, store, record }: DpcContext,
  trial: string,
  graph: Graph,
  { trained, losses, dataset, whole, spec }: Trained,
): Promise<Result<Segmented>> {
  const keys = trialKeys(trial)
  const weights = Object.fromEntries([...graph.parameters.keys()].map((name) => [name, trained[name]!]))
  const program = await engine.compile(graph)
  const state = engine.state(weights)
  const { classes } = dataset
  const scored = await score({
    program,
    state,
    batches: wholeImages(dataset, dataset.validation, whole),
    classes: classes.length,
    single: graph,
    losses,
  })
  const card = segmentationCard(record.config.dataset, classes, whole)
  if (scored.status === 'succeeded') {
    await store.put(keys.weights, encodeSafetensors(weights, { trial }))
    const first = evaluationInput(await dataset.load(dataset.validation[0]!), whole)
    const image = float32([1, 3, ...whole], first.image)
    const metadata = {
      ...card,
      genotype: spec.genotype,
      seed: spec.seed,
      metric: dpc.task.score,
      score: scored.score,
    }
    await store.put(keys.model, await exportModel({ graph, weights, program, state, metadata, image }))
    await drawPredictions({ store, trial, program, state, dataset, whole })
  }
  state.dispose()
  await program.dispose()
  if (scored.status === 'failed') return scored
  return { ...scored, ...(await scoreOnTest(engine, dpcPredictor(record, spec, { weights, card }), dataset)) }
}
