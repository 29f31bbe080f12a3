import type { ClassificationDataset } from '../../nas/data/dataset.ts'
import { centreCrop } from '../../nas/data/image-augmentation.ts'
import { trainImages, validationImages } from '../../nas/data/labelled-batches.ts'
import type { Engine, Program, State } from '../../nas/engines/engine.ts'
import { freeze } from '../../nas/graph/freeze.ts'
import type { Graph } from '../../nas/graph/graph.ts'
import { classifierNetwork } from '../../nas/pipelines/densenas/classifier-network.ts'
import { denseNas } from '../../nas/pipelines/densenas/index.ts'
import { type ClassifierSpec, classifierSpecSchema } from '../../nas/pipelines/densenas/specs.ts'
import { completed } from '../../nas/runs/completed.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { Classified } from '../../nas/tasks/classification.ts'
import { classificationCard } from '../../nas/tasks/model-card.ts'
import { float32, type Tensor, type Tensors } from '../../nas/tensor.ts'
import {
  type ClassificationTask,
  classificationGraph,
  classificationStep,
} from '../../nas/training/classification.ts'
import { evaluateClassification } from '../../nas/training/evaluate-classification.ts'
import { resumable } from '../../nas/training/resumable.ts'
import { exportModel } from '../export-model.ts'
import { classified } from '../result.ts'
import { checkpointAt, optimiserOf, runTraining } from '../training.ts'
import type { DenseNasContext } from './context.ts'

const EVALUATED_AT_ONCE = 100

/** A network, compiled, with its weights. */
interface Running {
  readonly program: Program
  readonly state: State
}

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
  const { image: size, classes, seed, augmentation, optimiser } = spec
  const { batch, steps, learningRate, finalLearningRate, labelSmoothing } = optimiser
  const keys = trialKeys(trial)
  const network = classifierNetwork(spec.network, classes)
  const taskOf = (images: number) => ({ network, image: [images, 3, size, size] }) as const
  const training = await resumable({
    engine,
    graph: classificationStep(taskOf(batch), optimiserOf(optimiser), { steps, labelSmoothing }),
    address: checkpointAt(store, keys.checkpoint, trial),
    seed,
  })
  return {
    training,
    async finish() {
      const result = await runTraining(context, training, {
        name: trial,
        steps,
        schedule: { kind: 'cosine', initial: learningRate, final: finalLearningRate, warmUp: 0 },
        batch: (step) => trainImages(dataset, dataset.train, { batch, seed, step, size, augmentation }),
      })
      const end = completed(result)
      if ('failed' in end) return end.failed

      return conclude(context, trial, spec, {
        trained: await training.read(),
        losses: end.losses,
        dataset,
        taskOf,
      })
    },
  }
}

interface Trained {
  readonly trained: Tensors
  readonly losses: readonly number[]
  readonly dataset: ClassificationDataset
  /** The network for so many images at once. */
  readonly taskOf: (images: number) => ClassificationTask
}

/** Scores a trained network, and writes its weights and its model. */
async function conclude(
  { engine, store }: DenseNasContext,
  trial: string,
  { image: size, classes, network, seed }: ClassifierSpec,
  { trained, losses, dataset, taskOf }: Trained,
): Promise<Result<Classified>> {
  const keys = trialKeys(trial)
  const graph = classificationGraph(taskOf(1))
  const weights = Object.fromEntries([...graph.parameters.keys()].map((name) => [name, trained[name]!]))
  const evaluated = freeze(classificationGraph(taskOf(EVALUATED_AT_ONCE)), weights)
  const counts = await running(engine, evaluated, {}, (run) =>
    evaluateClassification({ ...run, batches: validationImages(dataset, size, EVALUATED_AT_ONCE), classes }),
  )
  const result = classified(counts, { single: graph, losses })
  if (result.status === 'failed') return result
  const image = await firstImage(dataset, size)
  const metadata = {
    ...classificationCard(dataset.classes, size),
    network,
    seed,
    metric: denseNas.task.score,
    score: result.score,
  }
  const model = await running(engine, graph, weights, (run) =>
    exportModel({ ...run, graph, weights, metadata, image }),
  )
  await store.put(keys.weights, encodeSafetensors(weights, { trial }))
  await store.put(keys.model, model)
  return result
}

/** Does something with a compiled network. */
async function running<T>(
  engine: Engine,
  graph: Graph,
  weights: Tensors,
  work: (run: Running) => Promise<T>,
): Promise<T> {
  const run = { program: await engine.compile(graph), state: engine.state(weights) }
  const result = await work(run)
  run.state.dispose()
  await run.program.dispose()
  return result
}

async function firstImage({ load, validation }: ClassificationDataset, size: number): Promise<Tensor> {
  const { height, width, image } = await load(validation[0]!)
  return float32([1, 3, size, size], centreCrop({ height, width, data: image }, size))
}
