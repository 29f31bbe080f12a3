import type { DetectionDataset } from '../../nas/data/detection/dataset.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { autoFpnPredictor, exportedDetector } from '../../nas/pipelines/auto-fpn/predictor.ts'
import { type DetectorSpec, detectorSpecSchema } from '../../nas/pipelines/auto-fpn/specs.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { runTrials } from '../../nas/runs/run-trials.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { Detected } from '../../nas/tasks/detection.ts'
import { detectionCard } from '../../nas/tasks/model-card.ts'
import { withDetector } from '../../nas/training/detection/evaluate.ts'
import { detectAll } from '../../nas/training/detection-predictor.ts'
import { detectionPictures } from '../detections.ts'
import { exportDetector } from '../export-detector.ts'
import { scoreOnTest } from '../test-score.ts'
import type { AutoFpnContext } from './context.ts'
import { prepareDetector, type Trained, trainedNetwork } from './detector-trial.ts'
import { detected } from './result.ts'

/** Trains detectors from the trained backbone, the one that was found just like its baselines, and leaves a model of each. */
export async function detector(context: AutoFpnContext): Promise<void> {
  const dataset = await context.dataset()
  const kind = { spec: detectorSpecSchema, success: autoFpn.task.result }
  await runTrials(context, kind, (trial, spec) =>
    prepareDetector(context, trial, spec, dataset, (trained) =>
      conclude(context, trial, spec, { ...trained, dataset }),
    ),
  )
}

/** Scores a trained detector, and writes its weights and its model. */
async function conclude(
  context: AutoFpnContext,
  trial: string,
  spec: DetectorSpec,
  { trained, losses, dataset }: Trained & { readonly dataset: DetectionDataset },
): Promise<Result<Detected>> {
  const { engine, store, record } = context
  const keys = trialKeys(trial)
  const network = trainedNetwork(spec, trained)
  const { weights, graph } = network
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
