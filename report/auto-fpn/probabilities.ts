import { CELL_LINKS, INPUTS, layerLinks } from '../../nas/spaces/auto-fpn/links.ts'
import { HEAD_OPERATORS, NECK_OPERATORS, type Operator } from '../../nas/spaces/auto-fpn/operators.ts'
import type { SearchHistory } from '../../nas/spaces/auto-fpn/search/history.ts'
import { type Html, html } from '../html.ts'
import { key } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import { type Panel, smallMultiples } from '../small-multiples.ts'
import type { AutoFpnReportData, ModuleSearch } from './data.ts'
import { OPERATOR_KEY, operatorLook, operatorName } from './operators.ts'

/** How likely each operator of each link was over the steps of the paper's search. */
export function probabilitiesSection({ searches }: AutoFpnReportData): Section | undefined {
  const pictures = searches.flatMap((search) => ofModule(search))
  if (pictures.length === 0) return undefined
  return {
    id: 'probabilities',
    title: 'Probabilities over time',
    body: html`<p>Each picture is a link; the higher a band, the more probable its operator. In bold: links that have one at the end.</p>
${key(...OPERATOR_KEY)}${pictures}`,
  }
}

function ofModule({ module, found }: ModuleSearch): readonly Html[] {
  const [first] = found
  if (first === undefined || first.history.length < 2) return []
  const { history, genotype } = first
  const chosen = module === 'neck' ? genotype.neck?.layers : genotype.head?.cells
  return (chosen ?? []).map((operators, n) =>
    module === 'neck'
      ? layerPicture(n, history, operators, genotype.neck!.levels)
      : cellPicture(n, history, operators),
  )
}

function layerPicture(
  layer: number,
  history: SearchHistory,
  chosen: readonly Operator[],
  levels: number,
): Html {
  const panels = layerLinks(levels).map(({ source, target }, i) => ({
    column: source,
    // The coarsest level at the top, as in the picture of the neck.
    row: levels - 1 - target,
    ...panelOf(`P${source + 1} → P${target + 1}`, history, [layer, i], NECK_OPERATORS, chosen[i]!),
  }))
  return figure(
    html`<h3>Layer ${layer + 1} of the neck</h3>${picture(`layer ${layer + 1} of the neck`, history, panels)}`,
    html`A row is a level that the layer gives, a column a level that it reads.`,
  )
}

function cellPicture(cell: number, history: SearchHistory, chosen: readonly Operator[]): Html {
  const nameOf = (source: number) => (source < INPUTS ? `input ${source + 1}` : `node ${source - INPUTS + 1}`)
  const panels = CELL_LINKS.map(({ source, target }, i) => ({
    column: source,
    row: target,
    ...panelOf(`${nameOf(source)} → node ${target + 1}`, history, [cell, i], HEAD_OPERATORS, chosen[i]!),
  }))
  return figure(
    html`<h3>Cell ${cell + 1} of the head</h3>${picture(`cell ${cell + 1} of the head`, history, panels)}`,
    html`A row is a node, a column what it reads: the two cells before, or the features of the region, and the nodes before it.`,
  )
}

/** @param place of the link: layer or cell, and link */
function panelOf(
  title: string,
  history: SearchHistory,
  [part, link]: readonly [number, number],
  operators: readonly Operator[],
  chosen: Operator,
): Omit<Panel, 'column' | 'row'> {
  return {
    title,
    emphasis: chosen !== 'none',
    bands: operators.map((operator, o) => ({
      name: operatorName(operator),
      ...operatorLook(operator),
      values: history.map(({ probabilities }) => probabilities[part]![link]![o]!),
    })),
  }
}

const picture = (of: string, history: SearchHistory, panels: readonly Panel[]): Html =>
  smallMultiples(
    `Probabilities of the operators of each link in ${of} over the steps`,
    { unit: 'step', at: history.map(({ step }) => step) },
    panels,
  )
