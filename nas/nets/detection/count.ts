import { GraphBuilder } from '../../graph/builder.ts'
import { cost } from '../../graph/cost.ts'
import { BACKBONES, type BackboneName } from '../backbones/index.ts'
import { checkImage, countingContext, countsOf, type NetworkCounts } from '../count.ts'
import { type Detector, fpn } from './detector.ts'
import { REGION_SIDE } from './head.ts'
import { backboneLevels, withCoarserLevel } from './pyramid.ts'
import { regionProposals } from './rpn.ts'

/** Regions of an image that the head sees in evaluation (FPN, section 5.2). */
export const REGIONS = 1000

/** Detectors that come from no search, by name, for a number of classes without background. */
export const DETECTORS: ReadonlyMap<string, (classes: number) => Detector> = new Map(
  Object.keys(BACKBONES).map((name) => [
    `fpn-${name}`,
    (classes: number) => fpn(name as BackboneName, classes),
  ]),
)

/**
 * Counts for a batch of one, of the whole and by `backbone`, `neck`, `rpn` and `head`; the head's multiply-adds are those of
 * so many regions. From shapes alone: nothing is allocated.
 * @param input [C,H,W] of the image
 * @throws TrellisError `invalid-config` for other than 3 channels
 */
export function countDetector(
  detector: Detector,
  input: readonly number[],
  regions = REGIONS,
): NetworkCounts {
  checkImage('detector', input)
  const whole = new GraphBuilder()
  const context = countingContext(whole)
  const image = whole.input('image', { dtype: 'float32', shape: [1, ...input] })
  const levels = detector.neck(context, backboneLevels(context, image, detector.backbone))
  const proposals = regionProposals(context, withCoarserLevel(whole, levels))
  const shape = [regions, detector.channels, REGION_SIDE, REGION_SIDE]
  const predictions = detector.head(context, whole.input('regions', { dtype: 'float32', shape }))
  const graph = whole.build({
    ...predictions,
    ...Object.fromEntries(
      proposals.flatMap(({ objectness, deltas }, i) => [
        [`objectness${i}`, objectness],
        [`anchorDeltas${i}`, deltas],
      ]),
    ),
  })
  const scopes = ['backbone', 'neck', 'rpn', 'head'].map(
    (scope) => [scope, countsOf([cost(graph, scope)])] as const,
  )
  return { ...countsOf([cost(graph)]), scopes: Object.fromEntries(scopes), regions }
}
