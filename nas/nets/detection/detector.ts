import type { Value } from '../../graph/graph.ts'
import type { LayerContext } from '../layers.ts'
import { withExtraLevels } from './extra-levels.ts'
import { fpnNeck } from './fpn.ts'
import { fpnHead, type RegionPredictions } from './head.ts'
import type { Pyramid, PyramidBackbone } from './pyramid.ts'
import { type AnchorPredictions, ssdHeads } from './ssd-head.ts'
import { ONE_STAGE_STRIDES } from './strides.ts'

interface BehindBackbone {
  readonly backbone: PyramidBackbone
  /** Channels of the levels that the neck gives. */
  readonly channels: number
  /** Levels to levels of the same sizes, which what follows reads. */
  neck(context: LayerContext, levels: Pyramid): Pyramid
}

/** A two-stage detector: backbone, neck, region proposal network, and a head for each region that this proposes. */
export interface TwoStageDetector extends BehindBackbone {
  readonly stages: 2
  /** Regions [R,channels,7,7] to predictions. */
  head(context: LayerContext, regions: Value): RegionPredictions
}

/** A one-stage detector: backbone, coarser levels, neck, and a head that classifies and moves anchors at every place. */
export interface OneStageDetector extends BehindBackbone {
  readonly stages: 1
  /** Levels of the backbone to all that the neck reads. */
  extra(context: LayerContext, levels: Pyramid): Pyramid
  head(context: LayerContext, levels: Pyramid): AnchorPredictions
}

export type Detector = TwoStageDetector | OneStageDetector

/** Faster R-CNN on FPN, as published (arXiv 1612.03144): 256 channels, layers of 1024 in the head. @param classes without background */
export const fpn = (
  network: PyramidBackbone['network'],
  classes: number,
  { channels = 256, width = 1024 }: { readonly channels?: number; readonly width?: number } = {},
): TwoStageDetector => ({
  stages: 2,
  backbone: { network, width: 1 },
  channels,
  neck: (context, levels) => fpnNeck(context, levels, { channels }),
  head: (context, regions) => fpnHead(context, regions, { width, classes }),
})

/** The heads of SSD on the neck of FPN. @param levels of the pyramid, 7 in SSD512 @param classes without background */
export const ssd = (
  network: PyramidBackbone['network'],
  classes: number,
  { channels = 256, levels = 7 }: { readonly channels?: number; readonly levels?: number } = {},
): OneStageDetector => ({
  stages: 1,
  backbone: { network, width: 1, strides: ONE_STAGE_STRIDES },
  channels,
  extra: (context, ofBackbone) => withExtraLevels(context, ofBackbone, levels),
  neck: (context, all) => fpnNeck(context, all, { channels }),
  head: (context, all) => ssdHeads(context, all, classes),
})
