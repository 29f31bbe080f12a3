import { dpcDiagram } from '../../nas/spaces/dpc/diagram.ts'
import type { ReportData } from '../data.ts'
import { count, large, ordinal, percent } from '../format.ts'
import { html, trusted } from '../html.ts'
import { facts, figure, type Section } from '../section.ts'
import { scoredTrials } from '../statistics.ts'

export function winnerSection({ winner, trials }: ReportData): Section | undefined {
  if (!winner) return undefined
  const picture = html`<div class="cell">${trusted(dpcDiagram(winner.genotype))}</div>`
  const caption = html`Every branch reads the backbone features or an earlier branch; all of them are concatenated. The dots are the taps of a kernel, to scale; the squares are the cells of a pooling grid. Rates and grids are height × width.`
  const place = winner.proxyRank
    ? `${ordinal(winner.proxyRank)} of ${count(scoredTrials(trials).length)}`
    : '–'
  return {
    id: 'cell',
    title: 'The winning cell',
    body: html`${figure(picture, caption)}
<div class="columns">${facts([
      [`mIoU by ${winner.scoredBy}`, percent(winner.score)],
      ['Place by proxy score', place],
    ])}${facts([
      ['Parameters', large(winner.parameters)],
      ['Multiply-adds', large(winner.multiplyAdds)],
    ])}</div>`,
  }
}
