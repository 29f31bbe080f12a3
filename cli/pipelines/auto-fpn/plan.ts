import {
  type AutoFpnConfig,
  dimensionsOf,
  modulesOf,
  searchableOf,
  searchOf,
} from '../../../nas/pipelines/auto-fpn/config.ts'
import { originOf } from '../../../nas/pipelines/auto-fpn/origin.ts'
import { spaceSize } from '../../../nas/spaces/auto-fpn/space.ts'
import { counted } from '../../../report/format.ts'
import type { Row } from '../pipeline.ts'
import { scientific } from '../scientific.ts'

export function autoFpnPlan(config: AutoFpnConfig): readonly Row[] {
  const { image, detector, retrain, search } = config
  const compare: Row = [
    'compare',
    `${candidatesOf(config)}, ${counted(retrain.steps, 'step')} each${retrain.seeds.length > 1 ? ` with ${retrain.seeds.length} seeds` : ''}`,
  ]
  const looks = `${detector.channels} channels, images of ${image.join('x')}`
  if (search.genotype !== undefined)
    return [
      ['detector', `${searchableOf(config).join(' and ')} of ${originOf(search.genotype)}, ${looks}`],
      compare,
    ]
  const modules = modulesOf(config)
  const { necks, heads } = spaceSize(dimensionsOf(config, modules))
  const { steps, architectureFrom, lambda } = searchOf(config)
  const sizes = [
    ...(modules.includes('neck') ? [`${scientific(necks)} necks`] : []),
    ...(modules.includes('head') ? [`${scientific(heads)} heads`] : []),
  ]
  return [
    ['space', `${sizes.join(', ')}, ${looks}`],
    [
      'search',
      `${counted(steps, 'step')} a module, from ${architectureFrom} on of the architecture too; resource constraint times ${lambda}`,
    ],
    ...evolutionOf(config),
    compare,
  ]
}

const evolutionOf = ({ baselines: { evolution } }: AutoFpnConfig): readonly Row[] =>
  evolution === undefined
    ? []
    : [
        [
          'evolution',
          `${counted(evolution.evaluations, 'detector')}, ${counted(evolution.steps, 'step')} each, in a population of ${evolution.population}`,
        ],
      ]

function candidatesOf({ search, baselines: { fpn, random, snas, evolution } }: AutoFpnConfig): string {
  const parts = [
    search.genotype === undefined ? 'what is found' : 'what was found',
    ...(fpn ? ['FPN'] : []),
    ...(snas ? ["SNAS's"] : []),
    ...(evolution ? ["evolution's"] : []),
    ...(random > 0 ? [counted(random, 'random detector')] : []),
  ]
  return new Intl.ListFormat('en-US').format(parts)
}
