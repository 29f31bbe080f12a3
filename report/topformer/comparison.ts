import type { ComparedNetwork, Comparison } from '../../nas/pipelines/topformer/comparison.ts'
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
  const { seeds, steps } = record.config.retrain
  return comparisonSection(rankNetworks(comparison), {
    title: 'The network found against baselines',
    training: `All trained alike from their initial weights, for ${counted(steps, 'step')} with ${counted(seeds.length, 'seed')}.`,
    reading: `Random networks are drawn from the same space, with about as many multiply-adds; TopFormer-B has the width that gives as many. ${record.config.attentionScale ? 'Products of attention are scaled by 1/√d.' : 'Products of attention are not scaled, as in the released code.'}`,
    words: comparisonWords,
    figures: [{ name: 'With inherited weights, %', of: ({ inherited }) => inherited }],
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
