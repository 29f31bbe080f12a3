import type { ClassificationDataset } from '../../nas/data/dataset.ts'
import { centreCrop } from '../../nas/data/image-augmentation.ts'
import { trainImages } from '../../nas/data/labelled-batches.ts'
import { running } from '../../nas/engines/running.ts'
import { classifierTask } from '../../nas/pipelines/densenas/classifier-task.ts'
import { denseNas } from '../../nas/pipelines/densenas/index.ts'
import { trainedClassifier } from '../../nas/pipelines/densenas/predictor.ts'
import { type ClassifierSpec, classifierSpecSchema } from '../../nas/pipelines/densenas/specs.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { Classified } from '../../nas/tasks/classification.ts'
import { classificationCard } from '../../nas/tasks/model-card.ts'
import { float32, type Tensor, type Tensors } from '../../nas/tensor.ts'
import { classificationGraph, classificationStep } from '../../nas/training/classification.ts'
import { classificationPredictor, classifyImages } from '../../nas/training/classification-predictor.ts'
import { resumable } from '../../nas/training/resumable.ts'
import { exportModel } from '../export-model.ts'
import { classified } from '../result.ts'
import { scoreOnTest } from '../test-score.ts'
import { checkpointAt, optimiserOf, trainedTrial } from '../training.ts'
import type { DenseNasContext } from './context.ts'

/** Trains classifiers from their initial weights, the one that was found just like its baselines, and leaves a model of each. */
export async function classifier(context: DenseNasContext): Promise<void> {
  const dataset = await context.dataset()
  const kind = { spec: classifierSpecSchema, success: denseNas.task.result }
  await runTrials(context, kind, (trial, spec) => prepare(context, trial, spec, dataset))
}

async function prepare(
  context: DenseNasContext,
  trial: string,
  spec: ClassifierSpec,
  dataset: ClassificationDataset,
): Promise<PreparedTrial<Classified>> {
  const { engine, store } = context
  const { image: size, seed, augmentation, optimiser } = spec
  const { batch, steps, learningRate, finalLearningRate, labelSmoothing } = optimiser
  const keys = trialKeys(trial)
  const training = await resumable({
    engine,
    graph: classificationStep(classifierTask(spec, batch), optimiserOf(optimiser), {
      steps,
      labelSmoothing,
      rewrites: engine.rewrites,
    }),
    address: checkpointAt(store, keys.checkpoint, trial),
    seed,
  })
  return trainedTrial(
    context,
    training,
    {
      name: trial,
      steps,
      schedule: { kind: 'cosine', initial: learningRate, final: finalLearningRate, warmUp: 0 },
      batch: (step) => trainImages(dataset, dataset.train, { batch, seed, step, size, augmentation }),
    },
    async (losses) =>
      conclude(context, trial, spec, {
        trained: await training.read(),
        losses,
        dataset,
      }),
  )
}

interface Trained {
  readonly trained: Tensors
  readonly losses: readonly number[]
  readonly dataset: ClassificationDataset
}

/** Scores a trained network, and writes its weights and its model. */
async function conclude(
  { engine, store }: DenseNasContext,
  trial: string,
  spec: ClassifierSpec,
  { trained, losses, dataset }: Trained,
): Promise<Result<Classified>> {
  const keys = trialKeys(trial)
  const graph = classificationGraph(classifierTask(spec, 1))
  const weights = Object.fromEntries([...graph.parameters.keys()].map((name) => [name, trained[name]!]))
  const network = trainedClassifier(spec, weights)
  const counts = await classifyImages(engine, network, dataset, dataset.validation)
  const result = classified(counts, { single: graph, losses })
  if (result.status === 'failed') return result
  const image = await firstImage(dataset, spec.image)
  const metadata = {
    ...classificationCard(dataset.classes, spec.image),
    network: spec.network,
    seed: spec.seed,
    metric: denseNas.task.score,
    score: result.score,
  }
  const model = await running(engine, graph, weights, (run) =>
    exportModel({ ...run, graph, weights, metadata, image }),
  )
  await store.put(keys.weights, encodeSafetensors(weights, { trial }))
  await store.put(keys.model, model)
  return { ...result, ...(await scoreOnTest(engine, classificationPredictor(network), dataset)) }
}

async function firstImage({ load, validation }: ClassificationDataset, size: number): Promise<Tensor> {
  const { height, width, image } = await load(validation[0]!)
  return float32([1, 3, size, size], centreCrop({ height, width, data: image }, size))
}
