import { spaceOf, type TopformerConfig } from '../../../nas/pipelines/topformer/config.ts'
import type { TopformerEstimate } from '../../../nas/pipelines/topformer/estimate.ts'
import { LIMITED } from '../../../nas/spaces/topformer/limit.ts'
import { spaceSize } from '../../../nas/spaces/topformer/space.ts'
import { classification } from '../../../nas/tasks/classification.ts'
import { counted, large } from '../../../report/format.ts'
import type { Row } from '../pipeline.ts'
import { scientific } from '../scientific.ts'

export function topformerPlan(config: TopformerConfig, { evaluations }: TopformerEstimate): readonly Row[] {
  const { space, supernet, search, retrain } = config
  const { cnn, vit, all } = spaceSize(spaceOf(config))
  const { halves, steps, sampled } = supernet
  return [
    [
      'space',
      `${'preset' in space ? space.preset : 'of your own'}: ${scientific(all)} networks, ${scientific(cnn)} CNNs times ${scientific(vit)} ViTs`,
    ],
    ...pretraining(config),
    [
      'supernet',
      supernet.weights === undefined
        ? `${halves === 'shared' ? 'one' : 'a pair, one for each half'}, ${counted(steps, 'step')}: the largest, the smallest and ${counted(sampled, 'other network')} each`
        : `weights from ${supernet.weights}`,
    ],
    [
      'search',
      `${counted(search.iterations, 'iteration')} of two halves, ${counted(evaluations, 'evaluation')}, below ${limitsOf(search.limit)} ${LIMITED[search.limit.of]}`,
    ],
    [
      'compare',
      `${compared(config)}, ${counted(retrain.steps, 'step')} each${retrain.seeds.length > 1 ? ` with ${retrain.seeds.length} seeds` : ''}`,
    ],
  ]
}

function pretraining({ pretrain }: TopformerConfig): readonly Row[] {
  if (pretrain === undefined) return []
  if ('weights' in pretrain) return [['pretrain', `weights from ${pretrain.weights}`]]
  const { dataset, steps, batch, image } = pretrain
  const images = `${counted(batch, 'image')} of ${image}x${image}`
  return [['pretrain', `on ${classification.nameOf(dataset)}, ${counted(steps, 'step')} of ${images}`]]
}

const limitsOf = ({ of, most }: TopformerConfig['search']['limit']): string =>
  most.map((each) => (of === 'latency' ? `${each}` : large(each))).join(', ')

function compared({ baselines, search }: TopformerConfig): string {
  const parts = [
    'what is found',
    ...(baselines.topformer ? ['TopFormer scaled'] : []),
    ...(baselines.random > 0 ? [counted(baselines.random, 'random network')] : []),
  ]
  const list = new Intl.ListFormat('en-US').format(parts)
  return search.limit.most.length > 1 ? `${list}, for each limit` : list
}
