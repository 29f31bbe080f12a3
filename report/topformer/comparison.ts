import type { ComparedNetwork, Comparison } from '../../nas/pipelines/topformer/comparison.ts'
import { LIMITED, type Limit } from '../../nas/spaces/topformer/limit.ts'
import { type Ranking, rank } from '../comparison/ranking.ts'
import { comparisonSection } from '../comparison/section.ts'
import type { ComparisonWords } from '../comparison/words.ts'
import { counted, ordinal } from '../format.ts'
import type { Section } from '../section.ts'
import { baselineNetworks } from './baselines.ts'
import type { TopformerReportData } from './data.ts'

export const comparisonWords: ComparisonWords = {
  noun: 'network',
  winner: 'the network found',
  score: 'mIoU',
  seedsKey: 'retrain.seeds',
}

/** Networks under the limit of the winner: those under others cost more or less. */
export const rankNetworks = ({ contenders, ...comparison }: Comparison): Ranking<ComparedNetwork> =>
  rank(
    { ...comparison, contenders: contenders.filter(({ limit }) => limit === comparison.winner.limit) },
    { nameOf, baselines: baselineNetworks },
  )

export const nameOf = ({ role, network }: ComparedNetwork, n: number): string => {
  if (network.kind === 'scaled') return `TopFormer-B × ${network.width}`
  if (role === 'random') return `random network ${n}`
  return n === 1 ? 'best with inherited weights' : `${ordinal(n)} with inherited weights`
}

export function retrainingSection({ comparison, record }: TopformerReportData): Section | undefined {
  if (!comparison) return undefined
  const { retrain, pretrain, search, attentionScale } = record.config
  const { seeds, steps } = retrain
  const isPretrained = pretrain !== undefined
  return comparisonSection(rankNetworks(comparison), {
    title: 'The network found against baselines',
    training: `All trained alike from ${isPretrained ? 'slices of the pretrained supernet' : 'their initial weights'}, for ${counted(steps, 'step')} with ${counted(seeds.length, 'seed')}.`,
    reading: `${equalCost(search.limit.of)} ${isPretrained ? `${STARTED} ` : ''}${attentionScale ? 'Products of attention are scaled by 1/√d.' : 'Products of attention are not scaled, as in the released code.'}`,
    words: comparisonWords,
    figures: [
      { name: 'With inherited weights, %', of: ({ inherited }) => inherited },
      ...(isPretrained
        ? [
            {
              name: 'Pretrained, %',
              of: ({ pretrained }: ComparedNetwork) => pretrained ?? null,
              show: (share: number | null) => (share === null ? '–' : (100 * share).toFixed(0)),
            },
          ]
        : []),
    ],
    structure: {
      name: 'Widths',
      className: 'nowrap',
      of: ({ network }) =>
        network.kind === 'genotype'
          ? network.genotype.convolutions.map(({ width }) => width).join(' → ')
          : '–',
    },
  })
}

/** How baselines come to cost as much as what was found. */
function equalCost(of: Limit['of']): string {
  const random = 'Random networks are drawn from the same space, with about'
  return of === 'latency'
    ? `${random} the same latency; TopFormer-B, whose parts are not measured, has the width that gives as many multiply-adds.`
    : `${random} as many ${LIMITED[of]}; TopFormer-B has the width that gives as many.`
}

const STARTED =
  'The share of parameters that start as slices is given as pretrained; injection and head never are. TopFormer-B is no network of the space: what is wider than the supernet, or deeper, starts from initial weights.'
