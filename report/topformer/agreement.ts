import type { ComparedNetwork, Comparison } from '../../nas/pipelines/topformer/comparison.ts'
import { agreementBody } from '../comparison/agreement.ts'
import { rank } from '../comparison/ranking.ts'
import type { Section } from '../section.ts'
import { baselineNetworks } from './baselines.ts'
import { comparisonWords, nameOf } from './comparison.ts'
import type { TopformerReportData } from './data.ts'

/** Whether the score with inherited weights predicts that of a training of one's own. */
export function agreementSection({ comparison }: TopformerReportData): Section | undefined {
  if (!comparison || comparison.pairs < 2) return undefined
  return {
    id: 'inherited',
    title: 'Do inherited weights predict?',
    body: agreementBody(
      ofAllLimits(comparison),
      comparison,
      {
        cheap: { name: 'inherited', of: ({ inherited }: ComparedNetwork) => inherited },
        full: 'trained',
        words: comparisonWords,
        structure: ({ network }) =>
          network.kind === 'genotype'
            ? network.genotype.convolutions.map(({ width }) => width).join(' → ')
            : '',
        over: 'Over the best with inherited weights below each limit, all trained from their initial weights.',
      },
      undefined,
    ),
  }
}

const ofAllLimits = (comparison: Comparison) =>
  rank(comparison, { nameOf, baselines: baselineNetworks }).candidates
