import type { DetectionDataset } from '../../nas/data/detection/dataset.ts'
import { trainingHalves } from '../../nas/data/detection/halves.ts'
import type { GraphBuilder } from '../../nas/graph/builder.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { featuresManifestSchema } from '../../nas/pipelines/auto-fpn/inputs.ts'
import { supernetKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import { networkOf } from '../../nas/pipelines/auto-fpn/network.ts'
import { optionsOf } from '../../nas/pipelines/auto-fpn/predictor.ts'
import { type SupernetSpec, supernetSpecSchema } from '../../nas/pipelines/auto-fpn/specs.ts'
import { completed } from '../../nas/runs/completed.ts'
import { featuresKeys } from '../../nas/runs/inputs.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import { readWeights } from '../../nas/runs/model.ts'
import { readMade } from '../../nas/runs/read-made.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { architectureParametersOf, decode } from '../../nas/spaces/auto-fpn/architecture-parameters.ts'
import { headCosts, neckCosts, normalisedCosts } from '../../nas/spaces/auto-fpn/cost.ts'
import { relaxedDetector, type Supernet } from '../../nas/spaces/auto-fpn/search/graphs.ts'
import { relaxedWeights } from '../../nas/spaces/auto-fpn/search/relaxation.ts'
import { type ResumedSearch, resumeSearch } from '../../nas/spaces/auto-fpn/search/search.ts'
import { HALVES, type Half, ofHalf } from '../../nas/spaces/auto-fpn/search/search-step.ts'
import { jsonBytes, RESUME, requireJson } from '../../nas/store/json.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Detected } from '../../nas/tasks/detection.ts'
import type { Tensors } from '../../nas/tensor.ts'
import { trainDetection } from '../../nas/training/detection/batches.ts'
import { openLevels } from '../../nas/training/detection/cached-levels.ts'
import { evaluationGraph } from '../../nas/training/detection/evaluate.ts'
import { EPSILON, fromCache, fromFrozen, fromImages } from '../../nas/training/detection/features.ts'
import { detectorGeometry, levelShapes } from '../../nas/training/detection/level-shapes.ts'
import { DETECTIONS } from '../../nas/training/detection/options.ts'
import { detectAll } from '../../nas/training/detection-predictor.ts'
import { runningDecay } from '../../nas/training/running-decay.ts'
import { readBackbone } from '../backbone.ts'
import { checkpointAt, runTraining } from '../training.ts'
import type { AutoFpnContext } from './context.ts'
import { detected } from './result.ts'
import { cosine } from './train-detector.ts'

/** Searches a module by gradient (Auto-FPN section 3.4), and scores the supernet that this leaves. */
export async function supernet(context: AutoFpnContext): Promise<void> {
  const dataset = await context.dataset()
  const kind = { spec: supernetSpecSchema, success: autoFpn.task.result }
  await runTrials(context, kind, (trial, spec) => prepare(context, trial, spec, dataset))
}

async function prepare(
  context: AutoFpnContext,
  trial: string,
  spec: SupernetSpec,
  dataset: DetectionDataset,
): Promise<PreparedTrial<Detected>> {
  const { engine, store } = context
  const { search, seed, backbone, image } = spec
  const options = optionsOf(spec)
  const batches = await batchesOf(store, spec, dataset)
  const net = supernetOf(spec, featuresOf(spec))
  const training = await resumeSearch({
    engine,
    supernet: net,
    weights: search,
    architecture: { ...search.architecture, epsilon: ADAM_EPSILON },
    steps: search.steps,
    architectureFrom: search.architectureFrom,
    geometry: detectorGeometry(backbone, image, options),
    options,
    batch: search.batch,
    seed,
    address: checkpointAt(store, trialKeys(trial).checkpoint, trial),
    initial: await initialWeights(store, spec),
  })
  return {
    training,
    async finish() {
      const result = await runTraining(context, training, {
        name: trial,
        ...cosine(search),
        batch: async (step) => {
          const inputs = HALVES.map(async (half) => ofHalf(half, await batches[half](step)))
          return Object.assign({}, ...(await Promise.all(inputs)))
        },
      })
      const end = completed(result)
      if ('failed' in end) return end.failed
      return conclude(context, trial, spec, { dataset, training, losses: end.losses })
    },
  }
}

/** PyTorch's. */
const ADAM_EPSILON = 1e-8

/** The supernet of a search. @param features that it reads */
function supernetOf(
  { module, method, space, search, neck, ...spec }: SupernetSpec,
  features: Supernet['features'],
): Supernet {
  const { classes, detector, image, backbone } = spec
  const pixels = levelShapes(backbone, image).map(([, height, width]) => height * width)
  return {
    dimensions: space,
    method,
    features,
    detector: networkOf(spec, neck && neck.genotype, search.batchNorm),
    cellChannels: detector.cell,
    classes,
    images: search.batch,
    regions: detector.regions,
    batchNorm: search.batchNorm,
    lambda: search.lambda,
    costs: normalisedCosts(
      module === 'neck'
        ? neckCosts(pixels, { layers: space.neck!.layers, channels: detector.channels })
        : headCosts({ cells: space.head!.cells, channels: detector.cell, regions: detector.proposals }),
    ),
    contextOf: (graph) => ({
      graph,
      mode: 'training',
      batchNorm: { decay: runningDecay(search.steps), epsilon: EPSILON },
    }),
  }
}

/** What the supernet is trained on. */
const featuresOf = ({ features, backbone, image, search: { batch } }: SupernetSpec): Supernet['features'] =>
  features === null ? fromImages(backbone, batch, image) : fromCache(levelShapes(backbone, image), batch)

/** Batches of each half of the training images, by step. */
async function batchesOf(
  store: ObjectStore,
  { features, seed, image: size, augmentation, search: { batch } }: SupernetSpec,
  dataset: DetectionDataset,
): Promise<Readonly<Record<Half, (step: number) => Promise<Tensors>>>> {
  if (features === null) {
    const halves = trainingHalves(dataset.train, seed)
    const of = (refs: (typeof halves)[number]) => (step: number) =>
      trainDetection(dataset, refs, { batch, seed, step, crop: size, ...augmentation })
    return { weights: of(halves[0]), architecture: of(halves[1]) }
  }
  const { manifest } = featuresKeys(features)
  const read = (key: string) => readMade(store, { key, manifest })
  const shards = await requireJson(store, manifest, featuresManifestSchema, RESUME, RESUME)
  const of = (half: Half) => {
    const levels = openLevels(read, shards[half])
    return (step: number) => levels.batch({ batch, seed, step })
  }
  return { weights: of('weights'), architecture: of('architecture') }
}

/** Those of the backbone where it is trained, and of the neck on which a head is searched. */
async function initialWeights(
  store: ObjectStore,
  { features, backbone, neck }: SupernetSpec,
): Promise<Tensors> {
  const trained = features === null ? await readBackbone(store, backbone.weights) : {}
  if (neck === null || neck.trial === null) return trained
  const weights = Object.entries(await readWeights(store, neck.trial))
  return { ...trained, ...Object.fromEntries(weights.filter(([name]) => /^(neck|rpn)\//.test(name))) }
}

interface Searched {
  readonly dataset: DetectionDataset
  readonly training: ResumedSearch
  readonly losses: readonly number[]
}

/** Leaves what was found, and scores the supernet on the validation images: all operators by their weights. */
async function conclude(
  { engine, store }: AutoFpnContext,
  trial: string,
  spec: SupernetSpec,
  { dataset, training, losses }: Searched,
): Promise<Result<Detected>> {
  const { space, backbone, image, detector, neck } = spec
  const trained = await training.read()
  const genotype = decode(space, architectureParametersOf(space, trained))
  const keys = supernetKeys(trial)
  await store.put(keys.genotype, jsonBytes(genotype))
  await store.put(keys.history, jsonBytes({ entries: training.history() }))
  const weights = Object.fromEntries(Object.entries(trained).filter(([name]) => !name.includes(':')))
  await store.put(trialKeys(trial).weights, encodeSafetensors(weights, { trial }))

  const options = optionsOf(spec)
  const features = spec.features === null ? fromImages(backbone, 1, image) : fromFrozen(backbone, 1, image)
  const net = supernetOf(spec, features)
  const relaxed: Pick<typeof net.detector, 'neck' | 'head'> = {
    neck: (context, levels) => partsIn(context.graph).neck(context, levels),
    head: (context, regions) => partsIn(context.graph).head(context, regions),
  }
  const partsIn = (graph: GraphBuilder) => relaxedDetector(net, relaxedWeights(graph, space, 'softmax'))
  const graph = evaluationGraph(features, relaxed, options)
  const found = await detectAll(
    engine,
    {
      graph,
      weights: { ...(await readBackbone(store, backbone.weights)), ...weights },
      size: image,
      geometry: detectorGeometry(backbone, image, options),
      options,
      detections: DETECTIONS,
    },
    dataset,
    dataset.validation,
  )
  const derived = networkOf(
    { backbone, classes: spec.classes, detector },
    { ...neck?.genotype, ...genotype },
    false,
  )
  return detected(found, dataset, {
    single: evaluationGraph(fromImages(backbone, 1, image), derived, options),
    losses,
  })
}
