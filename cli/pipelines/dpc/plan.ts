import { BACKBONES } from '../../../nas/nets/backbones/index.ts'
import type { DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import type { DpcEstimate } from '../../../nas/pipelines/dpc/estimate.ts'
import { count, counted } from '../../../report/format.ts'
import type { Row } from '../pipeline.ts'

export const dpcPlan = (
  { backbone, space, proxy, search, rerank }: DpcConfig,
  { trials }: DpcEstimate,
): readonly Row[] => [
  ['backbone', `${nameOf(backbone)}, output stride ${backbone.outputStride}, ${originOf(backbone)}`],
  [
    'search',
    `${counted(trials, 'cell')} of ${space.branches} branches by ${search.strategy.kind} search, ${proxy.steps} steps each on cached features`,
  ],
  [
    're-rank',
    `${candidatesOf(rerank)}, ${rerank.steps} steps each${rerank.seeds.length > 1 ? ` with ${rerank.seeds.length} seeds` : ''}`,
  ],
]

const nameOf = ({ network, width }: DpcConfig['backbone']): string =>
  BACKBONES[network].hasWidths ? `${network}, width ${width}` : network

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
