import { fpn, type OneStageDetector, ssd, type TwoStageDetector } from '../../nets/detection/detector.ts'
import type { PyramidBackbone } from '../../nets/detection/pyramid.ts'
import type { AutoFpnGenotype } from './genotype.ts'
import { searchedHead } from './head.ts'
import { searchedNeck } from './neck.ts'

/** Sizes of a detector; those of the paper by default. */
export interface DetectorSizes {
  /** Of the levels that a neck gives. */
  readonly channels?: number
  /** Of a cell of a head that was searched. */
  readonly cellChannels?: number
  /** Of the fully connected layers of FPN's head. */
  readonly width?: number
  /** Of neck and head that were searched. */
  readonly batchNorm?: boolean
}

/** The two-stage detector of a genotype; a neck or a head that it lacks is FPN's. @param classes without background */
export function autoFpn(
  { neck, head }: Pick<AutoFpnGenotype, 'neck' | 'head'>,
  backbone: PyramidBackbone,
  classes: number,
  { channels = 256, cellChannels = 512, width = 1024, batchNorm = false }: DetectorSizes = {},
): TwoStageDetector {
  const baseline = fpn(backbone.network, classes, { channels, width })
  return {
    ...baseline,
    backbone,
    neck:
      neck === undefined
        ? baseline.neck
        : (context, levels) => searchedNeck(context, levels, neck, { channels, batchNorm }),
    head:
      head === undefined
        ? baseline.head
        : (context, regions) =>
            searchedHead(context, regions, head, { channels: cellChannels, batchNorm, classes }),
  }
}

/** The one-stage detector of a genotype (section 3.2.1), with SSD's heads; a neck that it lacks is FPN's. @param classes without background */
export function autoSsd(
  { neck }: Pick<AutoFpnGenotype, 'neck'>,
  { network, width }: PyramidBackbone,
  classes: number,
  sizes: { readonly channels: number; readonly levels: number; readonly batchNorm: boolean },
): OneStageDetector {
  const { channels, batchNorm } = sizes
  const baseline = ssd(network, classes, sizes)
  return {
    ...baseline,
    backbone: { ...baseline.backbone, width },
    ...(neck && { neck: (context, levels) => searchedNeck(context, levels, neck, { channels, batchNorm }) }),
  }
}
