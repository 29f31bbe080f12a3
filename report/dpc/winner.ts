import { dpcDiagram } from '../../nas/spaces/dpc/diagram.ts'
import { html, trusted } from '../html.ts'
import { figure, type Section } from '../section.ts'
import type { DpcReportData } from './data.ts'

export function winnerSection({ winner, record }: DpcReportData): Section | undefined {
  if (!winner) return undefined
  const doubled = record.config.backbone.outputStride === 8 ? ' At output stride 8, rates apply doubled.' : ''
  return {
    id: 'cell',
    title: 'The winning cell',
    body: figure(
      html`<div class="cell">${trusted(dpcDiagram(winner.genotype))}</div>`,
      html`Every branch reads the backbone features or an earlier branch; all branches are concatenated. Dots are the taps of an atrous kernel, to scale; squares are the cells of a pooling grid. Rates and grids are height × width.${doubled}`,
    ),
  }
}
