import { exportModel } from '../../containers/export-model.ts'
import type { JobPrograms } from '../../containers/jobs.ts'
import { forPipeline, type PipelineContext } from '../../containers/pipeline-context.ts'
import { classified } from '../../containers/result.ts'
import { scoreOnTest } from '../../containers/test-score.ts'
import { optimiserOf, runTraining } from '../../containers/training.ts'
import type { ClassificationDataset } from '../../nas/data/dataset.ts'
import { centreCrop } from '../../nas/data/image-augmentation.ts'
import { labelledImages, trainImages } from '../../nas/data/labelled-batches.ts'
import { completed } from '../../nas/runs/completed.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { Classified } from '../../nas/tasks/classification.ts'
import { classificationCard } from '../../nas/tasks/model-card.ts'
import { float32, type Tensors } from '../../nas/tensor.ts'
import { classificationGraph, classificationStep } from '../../nas/training/classification.ts'
import { evaluateClassification } from '../../nas/training/evaluate-classification.ts'
import { resumable } from '../../nas/training/resumable.ts'
import { networkOf, type PerceptronRun, type PerceptronSpec, perceptron, specSchema } from './contract.ts'
import { predictorOf, SIDE } from './network.ts'

type Context = PipelineContext<PerceptronRun, ClassificationDataset>

async function train(context: Context): Promise<void> {
  const dataset = await context.dataset()
  const kind = { spec: specSchema, success: perceptron.task.result }
  await runTrials(context, kind, (trial, spec) => prepare(context, trial, spec, dataset))
}

async function prepare(
  context: Context,
  trial: string,
  spec: PerceptronSpec,
  dataset: ClassificationDataset,
): Promise<PreparedTrial<Classified>> {
  const { steps, batch, seed, learningRate } = spec
  const task = { network: networkOf(spec), image: [batch, 3, SIDE, SIDE] } as const
  const optimiser = optimiserOf({ momentum: 0.9, weightDecay: 0 })
  const training = await resumable({
    engine: context.engine,
    graph: classificationStep(task, optimiser, {
      steps,
      labelSmoothing: 0,
      rewrites: context.engine.rewrites,
    }),
    address: { store: context.store, key: trialKeys(trial).checkpoint, training: trial },
    seed,
  })
  return {
    training,
    async finish() {
      const result = await runTraining(context, training, {
        name: trial,
        steps,
        schedule: { kind: 'cosine', initial: learningRate, final: 0, warmUp: 0 },
        batch: (step) =>
          trainImages(dataset, dataset.train, {
            batch,
            seed,
            step,
            size: SIDE,
            augmentation: { kind: 'crop', padding: 2, flip: true },
          }),
      })
      const end = completed(result)
      if ('failed' in end) return end.failed
      return conclude(context, trial, spec, dataset, { trained: await training.read(), losses: end.losses })
    },
  }
}

async function conclude(
  { engine, store }: Context,
  trial: string,
  spec: PerceptronSpec,
  dataset: ClassificationDataset,
  { trained, losses }: { readonly trained: Tensors; readonly losses: readonly number[] },
): Promise<Result<Classified>> {
  const graph = classificationGraph({ network: networkOf(spec), image: [1, 3, SIDE, SIDE] })
  const weights = Object.fromEntries([...graph.parameters.keys()].map((name) => [name, trained[name]!]))
  const [program, state] = [await engine.compile(graph), engine.state(weights)]
  const { classes } = spec
  const batches = labelledImages(dataset, dataset.validation, SIDE, 1)
  const counts = await evaluateClassification({ program, state, batches, classes })
  const result = classified(counts, { single: graph, losses })
  if (result.status === 'failed') return result
  const { height, width, image } = await dataset.load(dataset.validation[0]!)
  const first = float32([1, 3, SIDE, SIDE], centreCrop({ height, width, data: image }, SIDE))
  const metadata = classificationCard(dataset.classes, SIDE)
  const model = await exportModel({ graph, weights, program, state, metadata, image: first })
  await store.put(trialKeys(trial).weights, encodeSafetensors(weights, { trial }))
  await store.put(trialKeys(trial).model, model)
  state.dispose()
  await program.dispose()
  return { ...result, ...(await scoreOnTest(engine, predictorOf(spec, weights), dataset)) }
}

export const programs: JobPrograms<(typeof perceptron.jobs)[number]> = {
  perceptron: { run: forPipeline(perceptron)(train) },
}
