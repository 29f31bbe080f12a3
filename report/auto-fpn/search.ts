import * as Plot from '@observablehq/plot'
import { HEAD_OPERATORS, NECK_OPERATORS } from '../../nas/spaces/auto-fpn/operators.ts'
import type { SearchHistory } from '../../nas/spaces/auto-fpn/search/history.ts'
import { counted, percent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { COLOURS, chartOfAnyWidth, inPoints, key, series } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import type { AutoFpnReportData, ModuleSearch } from './data.ts'
import { METHOD_NAMES } from './methods.ts'
import { operatorName } from './operators.ts'
import { undecided } from './statistics.ts'

/** How loss, cost and decisions of each module's search went, step by step. */
export function searchSection({ searches, record }: AutoFpnReportData): Section | undefined {
  if (searches.length === 0) return undefined
  const { steps, stepTraining } = record.config.search
  const which = stepTraining ? 'After a third of them each' : 'Each'
  return {
    id: 'search',
    title: searches.length > 1 ? 'The searches' : 'The search',
    body: html`<p>${counted(steps, 'step')} for the weights of a supernet, in which all operators of a module take part. ${which} is followed by one for the architecture, on the other half of the training images.</p>
${searches.map((search) => ofModule(search))}`,
  }
}

const METHOD_COLOURS = { softmax: COLOURS.winner, snas: COLOURS.baseline } as const

function ofModule(search: ModuleSearch): Html {
  const [first] = search.found
  const methods = search.found.map(({ method }) => method)
  const legend =
    methods.length > 1
      ? key(...methods.map((method) => [METHOD_COLOURS[method], METHOD_NAMES[method]] as const))
      : undefined
  const score =
    first === undefined
      ? ''
      : `With all operators by their weights, the supernet reached ${percent(first.score)} AP.`
  return html`<h3>The ${search.module}</h3><p>${score}</p>${legend}<div class="columns">
${overSteps(search, {
  title: 'Loss',
  axis: { label: 'loss' },
  of: ({ loss }) => loss,
  reading: 'Of the detector, without the resource constraint, in steps for the weights.',
})}
${overSteps(search, {
  title: 'Cost',
  axis: { label: 'C' },
  of: ({ cost }) => cost,
  reading:
    'What section 3.5 of the paper keeps down: parameters, operations and memory access, each as a share of what the dearest module would take, added up.',
})}
${overSteps(search, {
  title: 'Decisions',
  axis: { label: 'undecided, %', domain: [0, 1], tickFormat: inPoints },
  of: undecided,
  reading:
    'Mean entropy of the probabilities, as a share of its greatest: at 100 % every operator is as likely as the others, at 0 % one is left.',
})}
${chosen(search)}
</div>`
}

interface OverSteps {
  readonly title: string
  readonly axis: Plot.ScaleOptions
  readonly of: (entry: SearchHistory[number]) => number
  readonly reading: string
}

/** A line for each method. */
function overSteps({ module, found }: ModuleSearch, { title, axis, of, reading }: OverSteps): Html {
  const points = found.flatMap(({ method, history }) =>
    history.map((entry) => ({ step: entry.step, value: of(entry), method, colour: METHOD_COLOURS[method] })),
  )
  const picture = chartOfAnyWidth(`${title} of the search of the ${module} over its steps`, {
    width: 500,
    height: 240,
    marginLeft: 54,
    x: { label: 'step', domain: [0, Math.max(...points.map(({ step }) => step))] },
    y: { grid: true, nice: true, ...axis },
    marks: [series(points, { x: 'step', y: 'value', z: 'method', stroke: 'colour' })],
  })
  return figure(html`<h4>${title}</h4>${picture}`, html`${reading}`)
}

/** How often each operator was chosen, of all links. */
function chosen({ module, found }: ModuleSearch): Html | undefined {
  const genotype = found[0]?.genotype
  const links: readonly string[] =
    (module === 'neck' ? genotype?.neck?.layers.flat() : genotype?.head?.cells.flat()) ?? []
  const operators = module === 'neck' ? NECK_OPERATORS : HEAD_OPERATORS
  const rows = operators.map((operator) => ({
    name: operatorName(operator),
    links: links.filter((each) => each === operator).length,
  }))
  const picture = chartOfAnyWidth(`How many links of the ${module} have each operator`, {
    width: 500,
    height: 240,
    marginLeft: 110,
    x: { label: 'links', grid: true, tickFormat: (n: number) => (Number.isInteger(n) ? String(n) : '') },
    y: { domain: rows.map(({ name }) => name), label: null, tickSize: 0 },
    marks: [
      Plot.barX(rows, { x: 'links', y: 'name', fill: COLOURS.winner }),
      Plot.text(rows, { x: 'links', y: 'name', text: ({ links: n }) => `${n}`, dx: 10, fill: COLOURS.ink }),
    ],
  })
  return figure(
    html`<h4>Operators</h4>${picture}`,
    html`Of the ${counted(links.length, 'link')} that were decided.`,
  )
}
