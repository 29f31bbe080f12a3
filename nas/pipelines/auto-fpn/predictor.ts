import type { Graph } from '../../graph/graph.ts'
import type { Trained } from '../../runs/model.ts'
import type { Tensors } from '../../tensor.ts'
import { evaluationGraph, type TrainedDetector } from '../../training/detection/evaluate.ts'
import { exportGraph } from '../../training/detection/export-graph.ts'
import { fromImages } from '../../training/detection/features.ts'
import { detectorGeometry } from '../../training/detection/level-shapes.ts'
import { DETECTIONS } from '../../training/detection/options.ts'
import { detectionPredictor } from '../../training/detection-predictor.ts'
import type { Predictor } from '../../training/predictor.ts'
import { networkOf } from './network.ts'
import type { AutoFpnRun } from './run.ts'
import { type DetectorSpec, detectorSpecSchema, type ProxySpec } from './specs.ts'

export function trainedDetector(spec: DetectorSpec | ProxySpec, weights: Tensors): TrainedDetector {
  const { image, genotype, batchNorm } = spec
  const detector = networkOf(spec, genotype, batchNorm)
  return {
    graph: evaluationGraph(fromImages(detector.backbone, 1, image), () => detector),
    weights,
    size: image,
    geometry: detectorGeometry(detector, image),
    detector,
    detections: DETECTIONS,
  }
}

/** A detector as a model of its own. */
export const exportedDetector = (trained: TrainedDetector): Graph =>
  exportGraph(fromImages(trained.detector.backbone, 1, trained.size), trained.detector, trained)

/** @param spec of a trial of a detector */
export const autoFpnPredictor = (_: AutoFpnRun, spec: unknown, { weights }: Trained): Predictor =>
  detectionPredictor(trainedDetector(detectorSpecSchema.parse(spec), weights))
