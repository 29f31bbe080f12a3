import type { Config } from '../nas/runs/config.ts'
import type { RunRecord } from '../nas/runs/run.ts'
import { count, counted, duration, usd } from '../report/format.ts'
import { estimateOf } from './pace.ts'
import { jobsAtOnce, placeOf } from './place.ts'
import { version } from './version.ts'

/** What a run is about to do, in a few lines. */
export function planOf({ run, config, dataset, prices }: RunRecord): string {
  const { backbone, space, proxy, search, rerank, compute, store } = config
  const place = placeOf(compute, prices !== undefined)
  const estimate = estimateOf(config, dataset, place)
  const rows = [
    [
      'data',
      `${config.dataset.kind}: ${count(dataset.train)} training and ${counted(dataset.validation, 'validation image')}, ${dataset.classes.length} classes`,
    ],
    [
      'backbone',
      `${backbone.network}, width ${backbone.width}, output stride ${backbone.outputStride}, ${originOf(backbone)}`,
    ],
    [
      'search',
      `${counted(estimate.trials, 'cell')} of ${space.branches} branches by ${search.strategy.kind} search, ${proxy.steps} steps each on cached features`,
    ],
    [
      're-rank',
      `${contendersOf(rerank)}, ${rerank.steps} steps each${rerank.seeds.length > 1 ? ` with ${rerank.seeds.length} seeds` : ''}`,
    ],
    [
      'compute',
      `${place === 'here' ? 'this computer' : compute.card}, ${counted(jobsAtOnce(compute, place), 'job')} at once`,
    ],
    ['estimate', `${duration(estimate.hours * 3600)}, ${usd(estimate.usd)}`],
  ]
  return [
    `Trellis ${version}: run ${run} in ${store}`,
    ...rows.map(([label, text]) => `  ${label!.padEnd(10)}${text}`),
  ].join('\n')
}

const originOf = (backbone: Config['backbone']): string =>
  'weights' in backbone
    ? `weights from ${backbone.weights}`
    : `pretrained for ${counted(backbone.pretrain.steps, 'step')}`

function contendersOf({ top, baselines }: Config['rerank']): string {
  const parts = [
    `the best ${count(top)}`,
    ...(baselines.aspp ? ['ASPP'] : []),
    ...(baselines.random > 0 ? [counted(baselines.random, 'random cell')] : []),
  ]
  return new Intl.ListFormat('en-US').format(parts)
}
