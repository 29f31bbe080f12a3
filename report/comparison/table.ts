import { large, points, pointsWithin } from '../format.ts'
import { type Html, html } from '../html.ts'
import { columns } from '../sortable.ts'
import { withSpread } from '../spread.ts'
import type { Candidate, ComparedAs } from './ranking.ts'

/** A column of figures that a pipeline adds, such as another score. */
export interface FigureColumn<C> {
  readonly name: string
  readonly of: (candidate: C) => number | null
  /** A share, in points, by default. */
  readonly show?: (value: number | null) => string
}

/** The column that shows what a candidate is. */
export interface StructureColumn<C> {
  readonly name: string
  /** In CSS. */
  readonly className: string
  readonly of: (candidate: C) => Html | string
}

export interface Columns<C> {
  /** The head of the score. */
  readonly score: string
  readonly figures: readonly FigureColumn<C>[]
  readonly structure: StructureColumn<C>
}

export function comparisonTable<C extends ComparedAs>(
  ranked: readonly Candidate<C>[],
  { score, figures, structure }: Columns<C>,
): Html {
  const severalSeeds = ranked.some(({ seeds }) => seeds.length > 1)
  const isTested = ranked.some(({ test }) => test !== undefined)
  const heads = columns([
    ['Candidate', 'text'],
    ...(isTested ? [['On test images, %', 'number'] as const] : []),
    [score, 'number'],
    ...(severalSeeds ? [['Lowest to highest', 'number'] as const] : []),
    ...figures.map(({ name }) => [name, 'number'] as const),
    ['Parameters', 'number'],
    ['Multiply-adds', 'number'],
    [structure.name, 'text'],
  ])
  const row = (candidate: Candidate<C>): Html =>
    html`<tr class="${candidate.kind}"><td class="nowrap">${candidate.name}</td>
${isTested ? testCell(candidate) : undefined}${scoreCell(candidate)}${severalSeeds ? rangeCell(candidate) : undefined}
${figures.map(({ of, show = points }) => number(of(candidate), show))}
${number(candidate.parameters, large)}
${number(candidate.multiplyAdds, large)}
<td class="${structure.className}">${structure.of(candidate)}</td></tr>`
  return html`<div class="scroll tall"><table class="sortable"><thead><tr>${heads}</tr></thead><tbody>${ranked.map(row)}</tbody></table></div>`
}

const number = (value: number | null, show: (value: number | null) => string): Html =>
  html`<td class="number" data-value="${value ?? -1}">${show(value)}</td>`

const testCell = ({ test }: Candidate): Html =>
  html`<td class="number nowrap" data-value="${test?.score ?? -1}">${test ? pointsWithin(test) : '–'}</td>`

function scoreCell(candidate: Candidate): Html {
  if (candidate.score !== null)
    return html`<td class="number" data-value="${candidate.score}">${withSpread(candidate)}</td>`
  const reason = candidate.trials.find((trial) => trial.reason)?.reason ?? 'no score'
  return html`<td class="number" data-value="-1"><span class="bad" title="${reason}">failed</span></td>`
}

function rangeCell({ seeds }: Candidate): Html {
  if (seeds.length < 2) return html`<td class="number" data-value="-1">–</td>`
  const low = Math.min(...seeds)
  return html`<td class="number" data-value="${low}">${points(low)} – ${points(Math.max(...seeds))}</td>`
}
