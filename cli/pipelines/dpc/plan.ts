import { WITH_WIDTHS } from '../../../nas/nets/backbones/names.ts'
import type { DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import type { DpcEstimate } from '../../../nas/pipelines/dpc/estimate.ts'
import { augmentationOf } from '../../../nas/pipelines/dpc/settings.ts'
import { count, counted } from '../../../report/format.ts'
import type { Row } from '../pipeline.ts'

export const dpcPlan = (config: DpcConfig, { trials }: DpcEstimate): readonly Row[] => {
  const { backbone, space, proxy, search, rerank } = config
  return [
    ['backbone', `${nameOf(backbone)}, output stride ${backbone.outputStride}, ${originOf(backbone)}`],
    [
      'search',
      `${counted(trials, 'cell')} of ${space.branches} branches by ${search.strategy.kind} search, ${proxy.steps} steps each on cached features`,
    ],
    [
      're-rank',
      `${candidatesOf(rerank)}, ${rerank.steps} steps each${rerank.seeds.length > 1 ? ` with ${rerank.seeds.length} seeds` : ''}`,
    ],
    ['crops', cropsOf(config)],
  ]
}

/** 129x257; with the names of what they are for, where they differ. */
function cropsOf({ backbone, proxy, rerank }: DpcConfig): string {
  const trainings = {
    ...('pretrain' in backbone && { backbone: backbone.pretrain }),
    search: proxy,
    're-rank': rerank,
  }
  const crops = Object.entries(trainings).map(
    ([name, of]) => [name, augmentationOf(of).crop.join('x')] as const,
  )
  const [first, ...others] = new Set(crops.map(([, crop]) => crop))
  return others.length === 0 ? first! : crops.map(([name, crop]) => `${name} ${crop}`).join(', ')
}

const nameOf = ({ network, width }: DpcConfig['backbone']): string =>
  WITH_WIDTHS.includes(network) ? `${network}, width ${width}` : network

const originOf = (backbone: DpcConfig['backbone']): string =>
  'weights' in backbone
    ? `weights from ${backbone.weights}`
    : `pretrained for ${counted(backbone.pretrain.steps, 'step')}`

function candidatesOf({ top, baselines }: DpcConfig['rerank']): string {
  const parts = [
    `the best ${count(top)}`,
    ...(baselines.aspp ? ['ASPP'] : []),
    ...(baselines.random > 0 ? [counted(baselines.random, 'random cell')] : []),
  ]
  return new Intl.ListFormat('en-US').format(parts)
}
