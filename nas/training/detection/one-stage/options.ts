import { ssdAnchors } from '../../../boxes/anchors.ts'
import { NEGATIVES_A_POSITIVE } from '../../../boxes/hard-negatives.ts'
import type { OneStageOptions } from '../detector.ts'

/** Of a training step and of an evaluation, for what a configuration says of them; the rest is that of SSD (section 2.2). */
export const oneStageOptions = ({
  classes,
  levels,
  anchor,
  candidates,
}: {
  readonly classes: number
  readonly levels: number
  readonly anchor: number
  readonly candidates: number
}): OneStageOptions => ({
  classes,
  anchors: ssdAnchors(anchor, levels),
  negatives: NEGATIVES_A_POSITIVE,
  candidates,
})
