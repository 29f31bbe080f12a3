import { agreementBody } from '../comparison/agreement.ts'
import { count, ordinal } from '../format.ts'
import { html } from '../html.ts'
import type { Section } from '../section.ts'
import { cellInWords } from './cell.ts'
import { comparisonWords, rankCells } from './comparison.ts'
import type { DpcReportData } from './data.ts'
import { scored } from './statistics.ts'

/** Whether the proxy task predicts full training: Fig. 4b of the DPC paper. */
export function proxySection({ rerank, tried, winner }: DpcReportData): Section | undefined {
  if (!rerank || rerank.pairs === 0) return undefined
  const place =
    winner &&
    html`<p>By proxy score the winner came ${ordinal(winner.proxy.rank)} of ${count(scored(tried).length)}. In the paper it came 12th of 28 thousand.</p>`
  return {
    id: 'proxy',
    title: 'Does the proxy task predict?',
    body: agreementBody(
      rankCells(rerank).candidates,
      rerank,
      {
        cheap: { name: 'proxy', of: ({ proxy }) => proxy?.score ?? null },
        full: 'full',
        words: comparisonWords,
        structure: ({ genotype }) => cellInWords(genotype),
        over: 'Over the best by proxy score and the baselines, all trained in full. The DPC paper found ρ = 0.46 over its best 50.',
      },
      place,
    ),
  }
}
