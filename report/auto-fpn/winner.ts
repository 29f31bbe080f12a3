import { dimensionsOfRun } from '../../nas/pipelines/auto-fpn/run.ts'
import { autoFpnDiagram } from '../../nas/spaces/auto-fpn/diagram.ts'
import type { AutoFpnGenotype } from '../../nas/spaces/auto-fpn/genotype.ts'
import { spaceSize } from '../../nas/spaces/auto-fpn/space.ts'
import { html, trusted } from '../html.ts'
import { figure, type Section } from '../section.ts'
import { baselineHead } from './baseline-head.ts'
import type { AutoFpnReportData } from './data.ts'

/** What the searches have found so far, that of the head with the neck in it, or what the run has been given. */
export const genotypeOf = ({
  comparison,
  searches,
  record,
}: Pick<AutoFpnReportData, 'comparison' | 'searches' | 'record'>): AutoFpnGenotype | undefined =>
  comparison?.winner.genotype ?? searches.at(-1)?.found[0]?.genotype ?? record.genotype

export function winnerSection(data: AutoFpnReportData): Section | undefined {
  const genotype = genotypeOf(data)
  if (genotype === undefined) return undefined
  const { neck, head } = genotype
  const { necks, heads } = spaceSize(dimensionsOfRun(data.record))
  const reading = [
    neck
      ? `One of ${power(necks)} necks: P1 is the finest level of the backbone’s features, and every layer adds up what arrives at a level.`
      : 'The neck is FPN’s.',
    head
      ? `One of ${power(heads)} heads: the nodes of a cell add up what arrives, and are concatenated; a cell reads the two before it, the first the features of a region.`
      : `The head is ${baselineHead(data.record)}.`,
  ].join(' ')
  return {
    id: 'detector',
    title: neck && head ? 'Neck and head' : neck ? 'The neck' : 'The head',
    body: figure(html`<div class="cell">${trusted(autoFpnDiagram(genotype))}</div>`, html`${reading}`),
  }
}

/** '7.9 × 10²⁸'. */
function power(n: bigint): string {
  const [digits, exponent] = Number(n).toExponential(1).split('e+') as [string, string]
  return `${digits} × 10${[...exponent].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`
}
