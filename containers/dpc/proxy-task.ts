import { running } from '../../nas/engines/running.ts'
import { type FeaturesManifest, featuresManifestSchema } from '../../nas/pipelines/dpc/features.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import { type ProxySpec, proxySpecSchema } from '../../nas/pipelines/dpc/specs.ts'
import { featuresKeys } from '../../nas/runs/inputs.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import { readMade } from '../../nas/runs/read-made.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { DROPPED_ONE_IN } from '../../nas/spaces/dpc/cell.ts'
import { type DpcTask, networkFor } from '../../nas/spaces/dpc/network.ts'
import { RESUME, requireJson } from '../../nas/store/json.ts'
import type { Segmented } from '../../nas/tasks/segmentation.ts'
import { type CachedFeatures, openFeatures } from '../../nas/training/feature-cache.ts'
import { dropoutNoise } from '../../nas/training/noise.ts'
import { resumable } from '../../nas/training/resumable.ts'
import { segmentationGraph, segmentationStep } from '../../nas/training/segmentation.ts'
import { score } from '../result.ts'
import { checkpointAt, optimiserOf, polynomial, trainedTrial } from '../training.ts'
import type { DpcContext } from './context.ts'

interface Features {
  readonly manifest: FeaturesManifest
  readonly train: CachedFeatures
  readonly validation: CachedFeatures
}

const EVALUATED_AT_ONCE = 8

/** Trains cells on cached features for a fixed number of steps: the proxy task (DPC section 3.3). */
export async function proxyTask(context: DpcContext): Promise<void> {
  const opened = new Map<string, Promise<Features>>()
  const featuresOf = (key: string) => {
    const known = opened.get(key) ?? openSplits(context, key)
    opened.set(key, known)
    return known
  }
  const kind = { spec: proxySpecSchema, success: dpc.task.result }
  await runTrials(context, kind, async (trial, spec) =>
    prepare(context, trial, spec, await featuresOf(spec.features)),
  )
}

async function openSplits({ store }: DpcContext, key: string): Promise<Features> {
  const keys = featuresKeys(key)
  const manifest = await requireJson(
    store,
    keys.manifest,
    featuresManifestSchema,
    'resume the run: the features are computed first',
    RESUME,
  )
  const read = (shard: string) => readMade(store, { key: shard, manifest: keys.manifest })
  const [train, validation] = await Promise.all([
    openFeatures(read, manifest.train),
    openFeatures(read, manifest.validation),
  ])
  return { manifest, train, validation }
}

async function prepare(
  context: DpcContext,
  trial: string,
  spec: ProxySpec,
  { train, validation }: Features,
): Promise<PreparedTrial<Segmented>> {
  const { engine, store, record } = context
  const { batch, steps } = spec.optimiser
  const { seed, genotype } = spec
  const taskOf = (features: CachedFeatures, samples: number) =>
    taskFor(record.config.backbone, spec, features, samples)
  const task = taskOf(train, batch)
  const training = await resumable({
    engine,
    graph: segmentationStep(task, optimiserOf(spec.optimiser), steps, engine.rewrites),
    address: checkpointAt(store, trialKeys(trial).checkpoint, trial),
    seed,
  })
  const [, , height, width] = task.input.shape
  const concatenated = [batch, genotype.branches.length * spec.filters, height, width] as const
  return trainedTrial(
    context,
    training,
    {
      name: trial,
      ...polynomial(spec.optimiser),
      batch: async (step) => ({
        ...(await train.batch({ batch, seed, step })),
        ...dropoutNoise({ shape: concatenated, oneIn: DROPPED_ONE_IN, seed, step }),
      }),
    },
    async (losses) => {
      const graph = segmentationGraph(taskOf(validation, EVALUATED_AT_ONCE))
      return running(engine, graph, await training.read(), (run) =>
        score({
          ...run,
          batches: validation.batches(EVALUATED_AT_ONCE),
          classes: spec.classes,
          single: segmentationGraph(taskOf(validation, 1)),
          losses,
        }),
      )
    },
  )
}

/** Segmentation of cached features, so many samples at once. */
function taskFor(backbone: DpcTask['backbone'], spec: ProxySpec, { shape }: CachedFeatures, samples: number) {
  const labels = shape.labels as [number, number]
  const task: DpcTask = { input: 'features', backbone, cell: spec, classes: spec.classes, size: labels }
  const input = {
    name: 'features',
    shape: [samples, ...(shape.features as [number, number, number])],
  } as const
  const { classBalance = 0 } = spec
  return { network: networkFor(spec.genotype, task), input, labels, classBalance }
}
