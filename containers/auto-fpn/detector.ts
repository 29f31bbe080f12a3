import type { DetectionDataset } from '../../nas/data/detection/dataset.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { networkOf } from '../../nas/pipelines/auto-fpn/network.ts'
import {
  autoFpnPredictor,
  exportedDetector,
  trainedDetector,
} from '../../nas/pipelines/auto-fpn/predictor.ts'
import { type DetectorSpec, detectorSpecSchema } from '../../nas/pipelines/auto-fpn/specs.ts'
import { completed } from '../../nas/runs/completed.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { Detected } from '../../nas/tasks/detection.ts'
import { detectionCard } from '../../nas/tasks/model-card.ts'
import type { Tensors } from '../../nas/tensor.ts'
import { trainDetection } from '../../nas/training/detection/batches.ts'
import { withDetector } from '../../nas/training/detection/evaluate.ts'
import { detectAll } from '../../nas/training/detection-predictor.ts'
import { readBackbone } from '../backbone.ts'
import { detectionPictures } from '../detections.ts'
import { exportDetector } from '../export-detector.ts'
import { scoreOnTest } from '../test-score.ts'
import { checkpointAt, runTraining } from '../training.ts'
import type { AutoFpnContext } from './context.ts'
import { detected } from './result.ts'
import { cosine, resumeDetector } from './train-detector.ts'

/** Trains detectors from the trained backbone, the one that was found just like its baselines, and leaves a model of each. */
export async function detector(context: AutoFpnContext): Promise<void> {
  const dataset = await context.dataset()
  const kind = { spec: detectorSpecSchema, success: autoFpn.task.result }
  await runTrials(context, kind, (trial, spec) => prepare(context, trial, spec, dataset))
}

async function prepare(
  context: AutoFpnContext,
  trial: string,
  spec: DetectorSpec,
  dataset: DetectionDataset,
): Promise<PreparedTrial<Detected>> {
  const { engine, store } = context
  const { image: size, seed, augmentation, optimiser, genotype, batchNorm } = spec
  const training = await resumeDetector({
    engine,
    detector: networkOf(spec, genotype, batchNorm),
    image: size,
    optimiser,
    address: checkpointAt(store, trialKeys(trial).checkpoint, trial),
    seed,
    initial: await readBackbone(store, spec.backbone.weights),
  })
  const { batch } = optimiser
  return {
    training,
    async finish() {
      const result = await runTraining(context, training, {
        name: trial,
        ...cosine(optimiser),
        batch: (step) =>
          trainDetection(dataset, dataset.train, { batch, seed, step, crop: size, ...augmentation }),
      })
      const end = completed(result)
      if ('failed' in end) return end.failed
      const trained = await training.read()
      return conclude(context, trial, spec, { trained, losses: end.losses, dataset })
    },
  }
}

interface Trained {
  readonly trained: Tensors
  readonly losses: readonly number[]
  readonly dataset: DetectionDataset
}

/** Scores a trained detector, and writes its weights and its model. */
async function conclude(
  context: AutoFpnContext,
  trial: string,
  spec: DetectorSpec,
  { trained, losses, dataset }: Trained,
): Promise<Result<Detected>> {
  const { engine, store, record } = context
  const keys = trialKeys(trial)
  const { graph } = trainedDetector(spec, {})
  const weights = Object.fromEntries([...graph.parameters.keys()].map((name) => [name, trained[name]!]))
  const network = trainedDetector(spec, weights)
  const metadata = (score: number) => ({
    ...detectionCard(dataset.classes, spec.image),
    genotype: spec.genotype,
    seed: spec.seed,
    metric: autoFpn.task.score,
    score,
  })
  const result = await withDetector(engine, network, async (running) => {
    const draw = detectionPictures({ store, trial, dataset })
    const found = await detectAll(running, dataset, dataset.validation, draw)
    const result = detected(found, dataset, { single: graph, losses })
    if (result.status === 'failed') return result
    await store.put(keys.weights, encodeSafetensors(weights, { trial }))
    const model = await exportDetector(running, {
      graph: exportedDetector(network),
      network,
      metadata: metadata(result.score),
      sample: await dataset.load(dataset.validation[0]!),
    })
    await store.put(keys.model, model)
    return result
  })
  if (result.status === 'failed') return result
  return {
    ...result,
    ...(await scoreOnTest(
      engine,
      autoFpnPredictor(record, spec, { weights, card: metadata(result.score) }),
      dataset,
    )),
  }
}
