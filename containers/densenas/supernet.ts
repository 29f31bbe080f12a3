import type { ClassificationDataset } from '../../nas/data/dataset.ts'
import { halves, labelledImages, trainImages } from '../../nas/data/labelled-batches.ts'
import { running } from '../../nas/engines/running.ts'
import { architectureSchema } from '../../nas/pipelines/densenas/architecture.ts'
import { classifierNetwork } from '../../nas/pipelines/densenas/classifier-network.ts'
import { readCosts } from '../../nas/pipelines/densenas/costs.ts'
import { denseNas } from '../../nas/pipelines/densenas/index.ts'
import { supernetKeys } from '../../nas/pipelines/densenas/keys.ts'
import { type SupernetSpec, supernetSpecSchema } from '../../nas/pipelines/densenas/specs.ts'
import { checkpointClock } from '../../nas/runs/checkpoint-interval.ts'
import { completed } from '../../nas/runs/completed.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { genotypeOf } from '../../nas/spaces/densenas/architecture.ts'
import { derive } from '../../nas/spaces/densenas/decode.ts'
import { inheritedWeights } from '../../nas/spaces/densenas/inherit.ts'
import { supernetHistorySchema } from '../../nas/spaces/densenas/search/history.ts'
import type { Phase } from '../../nas/spaces/densenas/search/schedule.ts'
import { type ResumedSearch, resumeSearch } from '../../nas/spaces/densenas/search/search.ts'
import { type Supernet, supernet as supernetOf } from '../../nas/spaces/densenas/supernet.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import type { Classified } from '../../nas/tasks/classification.ts'
import type { Tensor } from '../../nas/tensor.ts'
import { calibrated } from '../../nas/training/calibrate.ts'
import { classificationGraph, EPSILON } from '../../nas/training/classification.ts'
import { evaluateClassification } from '../../nas/training/evaluate-classification.ts'
import { classified } from '../result.ts'
import { checkpointAt } from '../training.ts'
import type { DenseNasContext } from './context.ts'

/** Batches from which the derived network has its statistics. */
const CALIBRATION = 20

/** Trains a supernet and its architecture parameters (DenseNAS section 3.3), and scores the network that they denote. */
export async function supernet(context: DenseNasContext): Promise<void> {
  const dataset = await context.dataset()
  const kind = { spec: supernetSpecSchema, success: denseNas.task.result }
  await runTrials(context, kind, (trial, spec) => prepare(context, trial, spec, dataset))
}

async function prepare(
  context: DenseNasContext,
  trial: string,
  spec: SupernetSpec,
  dataset: ClassificationDataset,
): Promise<PreparedTrial<Classified>> {
  const { engine, store, progress, signal } = context
  const { space, image: size, classes, seed, augmentation, search } = spec
  const { batch } = search
  const keys = trialKeys(trial)
  const net = supernetOf(space, { batch, image: size, classes })
  const [forWeights, forArchitecture] = halves(dataset.train, seed)
  const refs = { weights: forWeights, architecture: forArchitecture }
  const images = (phase: Phase, step: number) =>
    trainImages(dataset, refs[phase], { batch, seed, step, size, augmentation })
  const training = await resumeSearch({
    engine,
    space,
    supernet: net,
    schedule: {
      ...search,
      stepsPerEpoch: {
        weights: Math.ceil(forWeights.length / batch),
        architecture: Math.ceil(forArchitecture.length / batch),
      },
    },
    weights: search.weights,
    architecture: search.architecture,
    labelSmoothing: search.labelSmoothing,
    cost: { ...search.cost, table: await readCosts(store, spec) },
    batch: images,
    seed,
    address: checkpointAt(store, keys.checkpoint, trial),
  })
  const { steps } = training
  return {
    training,
    async finish() {
      const checkpoints = checkpointClock(() => performance.now())
      const end = completed(
        await training.train({
          checkpointDue: checkpoints.due,
          onCheckpoint: checkpoints.written,
          onStep: (step, { loss }) => progress({ trial, step, steps, loss: loss!.data[0]! }),
          signal,
        }),
      )
      if ('failed' in end) return end.failed
      return conclude(context, trial, spec, { dataset, net, training, images, losses: end.losses })
    },
  }
}

interface Searched {
  readonly dataset: ClassificationDataset
  readonly net: Supernet
  readonly training: ResumedSearch
  readonly images: (phase: Phase, step: number) => ReturnType<typeof trainImages>
  readonly losses: readonly number[]
}

/** Leaves what was found, and scores the derived network with the weights that it has in the supernet. */
async function conclude(
  { engine, store }: DenseNasContext,
  trial: string,
  { space, image: size, classes }: SupernetSpec,
  { dataset, net, training, images, losses }: Searched,
): Promise<Result<Classified>> {
  const { weights, parameters, history } = await training.read()
  const keys = supernetKeys(trial)
  await store.put(keys.architecture, jsonBytes(architectureSchema.parse(parameters)))
  await store.put(keys.history, jsonBytes(supernetHistorySchema.parse(history)))

  const { architecture } = derive(space, parameters)
  const network = classifierNetwork({ kind: 'densenas', genotype: genotypeOf(space, architecture) }, classes)
  const taskOf = (batch: number) => ({ network, image: [batch, 3, size, size] }) as const
  const inherited = inheritedWeights(space, net, architecture, weights)
  const { batch } = net.task
  const all = await calibrated(
    engine,
    { network, input: { name: 'image', shape: taskOf(batch).image }, epsilon: EPSILON },
    inherited,
    first(CALIBRATION, (i) => images('weights', i)),
  )
  const counts = await running(engine, classificationGraph(taskOf(batch)), all, (run) =>
    evaluateClassification({
      ...run,
      batches: labelledImages(dataset, dataset.validation, size, batch),
      classes,
    }),
  )
  return classified(counts, { single: classificationGraph(taskOf(1)), losses })
}

async function* first(count: number, batch: (index: number) => Promise<{ readonly image: Tensor }>) {
  for (let i = 0; i < count; i++) yield { image: (await batch(i)).image }
}
