import type { GraphBuilder } from '../../graph/builder.ts'
import type { LayerContext } from '../../nets/layers.ts'
import type { Forward } from '../step.ts'
import type { TrainableDetector } from './detector.ts'
import { detectorLoss, type Features } from './forward.ts'
import { multiboxLoss } from './one-stage/forward.ts'

/** The loss of a detector of either kind, from features of so many images. */
export function lossOf(
  contextOf: (graph: GraphBuilder) => LayerContext,
  features: Features,
  detector: TrainableDetector,
  images: number,
): Forward {
  if (detector.stages === 1) return multiboxLoss(contextOf, features, detector)
  const { classes, regionSample } = detector.options
  return detectorLoss(contextOf, features, detector, { classes, images, regions: regionSample.size })
}
