import { FPN_ANCHORS } from '../../boxes/anchors.ts'
import type { DetectionOptions } from '../../boxes/detections.ts'
import { ANCHOR_MATCH, REGION_MATCH } from '../../boxes/match.ts'
import type { TwoStageOptions } from './detector.ts'

/** Of a training step and of an evaluation, for what a configuration says of them; the rest is that of Faster R-CNN and FPN. */
export const twoStageOptions = ({
  classes,
  anchor,
  regions,
  proposals,
}: {
  readonly classes: number
  readonly anchor: number
  readonly regions: number
  readonly proposals: number
}): TwoStageOptions => ({
  classes,
  anchors: { ...FPN_ANCHORS, scale: anchor },
  anchorMatch: ANCHOR_MATCH,
  // A quarter as many as there for as small images.
  anchorSample: { size: 128, positive: 0.5 },
  regionMatch: REGION_MATCH,
  regionSample: { size: regions, positive: 0.25 },
  proposals: {
    training: { perLevel: 500, most: 4 * regions, threshold: 0.7 },
    evaluation: { perLevel: 500, most: proposals, threshold: 0.7 },
  },
})

/** What a detector reports, as torchvision's and Detectron's do. */
export const DETECTIONS: DetectionOptions = { score: 0.05, threshold: 0.5, most: 100 }
