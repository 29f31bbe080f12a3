import { GraphBuilder } from '../../graph/builder.ts'
import { cost } from '../../graph/cost.ts'
import type { Graph, Value } from '../../graph/graph.ts'
import { BACKBONE_NAMES } from '../backbones/names.ts'
import { checkImage, countingContext, countsOf, type NetworkCounts } from '../count.ts'
import type { LayerContext } from '../layers.ts'
import { type Detector, fpn, type OneStageDetector, ssd, type TwoStageDetector } from './detector.ts'
import { REGION_SIDE } from './head.ts'
import { backboneLevels, type Pyramid, withCoarserLevel } from './pyramid.ts'
import { regionProposals } from './rpn.ts'

/** Regions of an image that the head sees in evaluation (FPN, section 5.2). */
export const REGIONS = 1000

/** Detectors that come from no search, by name, for a number of classes without background. */
export const DETECTORS: ReadonlyMap<string, (classes: number) => Detector> = new Map<
  string,
  (classes: number) => Detector
>(
  BACKBONE_NAMES.flatMap((name): [string, (classes: number) => Detector][] => [
    [`fpn-${name}`, (classes: number) => fpn(name, classes)],
    [`ssd-${name}-fpn`, (classes: number) => ssd(name, classes)],
  ]),
)

const SCOPES = {
  1: ['backbone', 'extra', 'neck', 'head'],
  2: ['backbone', 'neck', 'rpn', 'head'],
} as const

/**
 * Counts for a batch of one, of the whole and by `backbone`, `neck`, `rpn` and `head`, where the head's multiply-adds are those of
 * so many regions; of a one-stage detector by `backbone`, `extra`, `neck` and `head`. From shapes alone: nothing is allocated.
 * @param input [C,H,W] of the image
 * @throws TrellisError `invalid-config` for other than 3 channels
 */
export function countDetector(
  detector: Detector,
  input: readonly number[],
  regions = REGIONS,
): NetworkCounts {
  checkImage('detector', input)
  const graph = detectorGraph(detector, input, regions)
  const scopes = SCOPES[detector.stages].map((scope) => [scope, countsOf([cost(graph, scope)])] as const)
  return {
    ...countsOf([cost(graph)]),
    scopes: Object.fromEntries(scopes),
    ...(detector.stages === 2 && { regions }),
  }
}

/** A detector in evaluation, its parts in the scopes that are counted, on one image [C,H,W] with so many regions. */
export function detectorGraph(detector: Detector, input: readonly number[], regions = REGIONS): Graph {
  const whole = new GraphBuilder()
  const context = countingContext(whole)
  const image = whole.input('image', { dtype: 'float32', shape: [1, ...input] })
  const levels = backboneLevels(context, image, detector.backbone)
  return whole.build(
    detector.stages === 1
      ? { ...anchorsPredicted(context, levels, detector) }
      : regionsPredicted(context, levels, detector, regions),
  )
}

const anchorsPredicted = (context: LayerContext, levels: Pyramid, { extra, neck, head }: OneStageDetector) =>
  head(context, neck(context, extra(context, levels)))

function regionsPredicted(
  context: LayerContext,
  levels: Pyramid,
  { neck, head, channels }: TwoStageDetector,
  regions: number,
): Readonly<Record<string, Value>> {
  const { graph } = context
  const proposals = regionProposals(context, withCoarserLevel(graph, neck(context, levels)))
  const shape = [regions, channels, REGION_SIDE, REGION_SIDE]
  return {
    ...head(context, graph.input('regions', { dtype: 'float32', shape })),
    ...Object.fromEntries(
      proposals.flatMap(({ objectness, deltas }, i) => [
        [`objectness${i}`, objectness],
        [`anchorDeltas${i}`, deltas],
      ]),
    ),
  }
}
