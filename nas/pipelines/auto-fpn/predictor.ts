import type { Graph } from '../../graph/graph.ts'
import type { Trained } from '../../runs/model.ts'
import type { Tensors } from '../../tensor.ts'
import { evaluationGraph, type TrainedDetector } from '../../training/detection/evaluate.ts'
import { exportGraph } from '../../training/detection/export-graph.ts'
import { fromImages } from '../../training/detection/features.ts'
import { detectorGeometry } from '../../training/detection/level-shapes.ts'
import { DETECTIONS, detectorOptions } from '../../training/detection/options.ts'
import { detectionPredictor } from '../../training/detection-predictor.ts'
import type { Predictor } from '../../training/predictor.ts'
import { networkOf } from './network.ts'
import type { AutoFpnRun } from './run.ts'
import { type DetectorSpec, detectorSpecSchema } from './specs.ts'

/** What a step or an evaluation needs beside the network. */
export const optionsOf = ({ classes, detector }: Pick<DetectorSpec, 'classes' | 'detector'>) =>
  detectorOptions({ classes, ...detector })

export function trainedDetector(
  { backbone, image, genotype, batchNorm, ...sizes }: DetectorSpec,
  weights: Tensors,
): TrainedDetector {
  const options = optionsOf(sizes)
  const features = fromImages(backbone, 1, image)
  return {
    graph: evaluationGraph(features, () => networkOf({ backbone, ...sizes }, genotype, batchNorm), options),
    weights,
    size: image,
    geometry: detectorGeometry(backbone, image, options),
    options,
    detections: DETECTIONS,
  }
}

/** A detector as a model of its own. */
export function exportedDetector(
  { backbone, image, genotype, batchNorm, ...sizes }: DetectorSpec,
  trained: TrainedDetector,
): Graph {
  const network = networkOf({ backbone, ...sizes }, genotype, batchNorm)
  return exportGraph(fromImages(backbone, 1, image), network, trained)
}

/** @param spec of a trial of a detector */
export const autoFpnPredictor = (_: AutoFpnRun, spec: unknown, { weights }: Trained): Predictor =>
  detectionPredictor(trainedDetector(detectorSpecSchema.parse(spec), weights))
