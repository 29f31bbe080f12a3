import type { DetectionDataset } from '../../nas/data/detection/dataset.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { supernetKeys } from '../../nas/pipelines/auto-fpn/keys.ts'
import { networkOf, pyramidOf } from '../../nas/pipelines/auto-fpn/network.ts'
import { type SupernetSpec, supernetSpecSchema } from '../../nas/pipelines/auto-fpn/specs.ts'
import { supernetOf } from '../../nas/pipelines/auto-fpn/supernet-network.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { architectureParametersOf, decode } from '../../nas/spaces/auto-fpn/architecture-parameters.ts'
import { relaxedDetector } from '../../nas/spaces/auto-fpn/search/graphs.ts'
import { relaxedWeights } from '../../nas/spaces/auto-fpn/search/relaxation.ts'
import { type ResumedSearch, resumeSearch } from '../../nas/spaces/auto-fpn/search/search.ts'
import { HALVES, ofHalf } from '../../nas/spaces/auto-fpn/search/search-step.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { Detected } from '../../nas/tasks/detection.ts'
import { evaluationGraph, withDetector } from '../../nas/training/detection/evaluate.ts'
import { fromImages } from '../../nas/training/detection/features.ts'
import { detectorGeometry } from '../../nas/training/detection/level-shapes.ts'
import { DETECTIONS } from '../../nas/training/detection/options.ts'
import { detectAll } from '../../nas/training/detection-predictor.ts'
import { readBackbone } from '../backbone.ts'
import { checkpointAt, trainedTrial } from '../training.ts'
import type { AutoFpnContext } from './context.ts'
import { detected } from './result.ts'
import { batchesOf, featuresOf, initialWeights } from './supernet-inputs.ts'
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
  const { search, seed, image } = spec
  const batches = await batchesOf(store, spec, dataset)
  const net = supernetOf(spec, featuresOf(spec))
  const training = await resumeSearch({
    engine,
    supernet: net,
    weights: search,
    architecture: { ...search.architecture, epsilon: ADAM_EPSILON },
    steps: search.steps,
    architectureFrom: search.architectureFrom,
    geometry: detectorGeometry(net.detector, image),
    batch: search.batch,
    seed,
    address: checkpointAt(store, trialKeys(trial).checkpoint, trial),
    initial: await initialWeights(store, spec),
  })
  return trainedTrial(
    context,
    training,
    {
      name: trial,
      ...cosine(search),
      batch: async (step) => {
        const inputs = HALVES.map(async (half) => ofHalf(half, await batches[half](step)))
        return Object.assign({}, ...(await Promise.all(inputs)))
      },
    },
    (losses) => conclude(context, trial, spec, { dataset, training, losses }),
  )
}

/** PyTorch's. */
const ADAM_EPSILON = 1e-8

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

  const features = fromImages(pyramidOf(spec), 1, image)
  const net = supernetOf(spec, features)
  const graph = evaluationGraph(features, (graph) => {
    const weights = relaxedWeights(graph, space, 'softmax')
    return relaxedDetector(net, () => weights)
  })
  const network = {
    graph,
    weights: { ...(await readBackbone(store, backbone.weights)), ...weights },
    size: image,
    geometry: detectorGeometry(net.detector, image),
    detector: net.detector,
    detections: DETECTIONS,
  }
  const found = await withDetector(engine, network, (running) =>
    detectAll(running, dataset, dataset.validation),
  )
  const derived = networkOf(
    { backbone, classes: spec.classes, detector },
    { ...neck?.genotype, ...genotype },
    false,
  )
  return detected(found, dataset, {
    single: evaluationGraph(features, () => derived),
    losses,
  })
}
