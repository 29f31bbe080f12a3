import type { DetectionDataset } from '../../nas/data/detection/dataset.ts'
import { networkOf } from '../../nas/pipelines/auto-fpn/network.ts'
import { trainedDetector } from '../../nas/pipelines/auto-fpn/predictor.ts'
import type { DetectorSpec, ProxySpec } from '../../nas/pipelines/auto-fpn/specs.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import type { PreparedTrial } from '../../nas/runs/run-trials.ts'
import type { Detected } from '../../nas/tasks/detection.ts'
import type { Tensors } from '../../nas/tensor.ts'
import { trainDetection } from '../../nas/training/detection/batches.ts'
import type { TrainedDetector } from '../../nas/training/detection/evaluate.ts'
import { readBackbone } from '../backbone.ts'
import { checkpointAt, trainedTrial } from '../training.ts'
import type { AutoFpnContext } from './context.ts'
import { cosine, resumeDetector } from './train-detector.ts'

export interface Trained {
  readonly trained: Tensors
  readonly losses: readonly number[]
}

/** A detector that is trained from the trained backbone, and with it. @param conclude scores it */
export async function prepareDetector(
  context: AutoFpnContext,
  trial: string,
  spec: DetectorSpec | ProxySpec,
  dataset: DetectionDataset,
  conclude: (trained: Trained) => Promise<Result<Detected>>,
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
  return trainedTrial(
    context,
    training,
    {
      name: trial,
      ...cosine(optimiser),
      batch: (step) =>
        trainDetection(dataset, dataset.train, { batch, seed, step, crop: size, ...augmentation }),
    },
    async (losses) => conclude({ trained: await training.read(), losses }),
  )
}

/** With those of all tensors of a training that it is run with. */
export function trainedNetwork(spec: DetectorSpec | ProxySpec, trained: Tensors): TrainedDetector {
  const network = trainedDetector(spec, {})
  const weights = [...network.graph.parameters.keys()].map((name) => [name, trained[name]!])
  return { ...network, weights: Object.fromEntries(weights) }
}
