import type { Extent } from '../../data/dataset.ts'
import { sizeThatHolds } from '../../data/evaluation-size.ts'
import type { DpcConfig } from './config.ts'
import { DEFAULT_CROP, LEAST_CROP } from './settings.ts'

/**
 * Names every crop of a configuration. Where it names none, a crop that is larger than what is validated would hold nothing but
 * padding beyond it: on such a side it is as large as the images.
 * @param extent undefined where the images are not known
 */
export function withCrops(config: DpcConfig, extent: Extent | undefined): DpcConfig {
  const holding = extent ? sizeThatHolds(extent.height, extent.width) : DEFAULT_CROP
  const crop = [smaller(holding[0], DEFAULT_CROP[0]), smaller(holding[1], DEFAULT_CROP[1])] as const
  const { backbone, proxy, rerank } = config
  return {
    ...config,
    backbone: 'pretrain' in backbone ? { ...backbone, pretrain: { crop, ...backbone.pretrain } } : backbone,
    proxy: { crop, ...proxy },
    rerank: { crop, ...rerank },
  }
}

const smaller = (side: number, most: number): number => Math.min(most, Math.max(LEAST_CROP, side))
