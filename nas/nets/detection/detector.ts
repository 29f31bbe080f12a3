import type { Value } from '../../graph/graph.ts'
import type { LayerContext } from '../layers.ts'
import { fpnNeck } from './fpn.ts'
import { fpnHead, type RegionPredictions } from './head.ts'
import type { Pyramid, PyramidBackbone } from './pyramid.ts'

/** A two-stage detector: backbone, neck, region proposal network, and a head for each region that this proposes. */
export interface Detector {
  readonly backbone: PyramidBackbone
  /** Channels of the levels that the neck gives. */
  readonly channels: number
  /** Levels of the backbone to levels of the same sizes, which the region proposal network and the head read. */
  neck(context: LayerContext, levels: Pyramid): Pyramid
  /** Regions [R,channels,7,7] to predictions. */
  head(context: LayerContext, regions: Value): RegionPredictions
}

/** Faster R-CNN on FPN, as published (arXiv 1612.03144): 256 channels, layers of 1024 in the head. @param classes without background */
export const fpn = (
  network: PyramidBackbone['network'],
  classes: number,
  { channels = 256, width = 1024 }: { readonly channels?: number; readonly width?: number } = {},
): Detector => ({
  backbone: { network, width: 1 },
  channels,
  neck: (context, levels) => fpnNeck(context, levels, { channels }),
  head: (context, regions) => fpnHead(context, regions, { width, classes }),
})
