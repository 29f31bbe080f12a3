import * as Plot from '@observablehq/plot'
import { large, percent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { COLOURS, chartOfAnyWidth, inPoints, key, series } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import type { DenseNasReportData, Search } from './data.ts'
import { meanEntropies } from './statistics.ts'

/** How loss, accuracy, cost and probabilities went, epoch by epoch. */
export function searchSection({ search, record }: DenseNasReportData): Section | undefined {
  if (!search || search.epochs.length < 2) return undefined
  const { architectureFrom, cost } = record.config.search
  const { derived, score } = search
  return {
    id: 'search',
    title: 'The search',
    body: html`<p>For ${architectureFrom} of ${search.epochs.length} epochs the weights alone are trained; from then on epochs for the architecture alternate with them, each on its own half of the training images.${score === undefined ? '' : ` With the weights of the supernet, the network found reached ${percent(score)} top-1 before any training of its own.`}</p>
${PHASES_KEY}<div class="columns">
${phases(search, 'loss', 'Loss', 'Cross-entropy by epoch', { label: 'cross-entropy' })}
${phases(search, 'accuracy', 'Accuracy', 'Training accuracy by epoch', { label: 'top-1, %', tickFormat: inPoints })}
${costs(search, derived.cost, cost.estimate)}
${decisions(search)}
</div>`,
  }
}

const SIZE = { width: 500, height: 260, marginLeft: 54 }

const PHASES_KEY = key(
  [COLOURS.trial, 'epochs for the weights'],
  [COLOURS.winner, 'epochs for the architecture'],
)

const epochAxis = ({ epochs }: Search) => ({
  label: 'epoch',
  domain: [0, epochs.at(-1)!.epoch],
  tickFormat: (n: number) => (Number.isInteger(n) ? String(n) : ''),
})

/** A line for each kind of epoch: they see other images, and other operations of each layer. */
function phases(
  search: Search,
  what: 'loss' | 'accuracy',
  title: string,
  label: string,
  axis: Plot.ScaleOptions,
): Html {
  const of = (phase: 'weights' | 'architecture') => search.epochs.filter((epoch) => epoch.phase === phase)
  const line = (phase: 'weights' | 'architecture', stroke: string) =>
    series(of(phase), { x: 'epoch', y: what, stroke })
  const picture = chartOfAnyWidth(label, {
    ...SIZE,
    x: epochAxis(search),
    y: { grid: true, nice: true, ...axis },
    marks: [line('weights', COLOURS.trial), line('architecture', COLOURS.winner)],
  })
  return figure(
    html`<h3>${title}</h3>${picture}`,
    html`Means over the batches of an epoch, as they were trained.`,
  )
}

function costs(
  search: Search,
  { unit, value }: Search['derived']['cost'],
  estimate: 'summed' | 'chained',
): Html {
  const inWords = (cost: number) => (unit === 'ms' ? `${cost.toPrecision(3)} ms` : large(cost))
  const picture = chartOfAnyWidth('Expected cost by epoch', {
    ...SIZE,
    x: epochAxis(search),
    y: {
      label: unit === 'ms' ? 'milliseconds' : 'multiply-adds',
      grid: true,
      nice: true,
      insetTop: 20,
      ...(unit === 'ms' ? {} : { tickFormat: large }),
    },
    marks: [
      Plot.ruleY([value], { stroke: COLOURS.baseline, strokeDasharray: '4,3' }),
      Plot.text([value], {
        y: (cost: number) => cost,
        text: () => `the network found: ${inWords(value)}`,
        frameAnchor: 'left',
        dy: -8,
        fill: COLOURS.baseline,
      }),
      series(search.epochs, { x: 'epoch', y: 'cost', stroke: COLOURS.winner }),
    ],
  })
  const kind =
    estimate === 'summed'
      ? 'The sum over all layers of the space (Eq. 5-7), which is more than any one network costs.'
      : 'The expectation over random walks along the paths.'
  return figure(html`<h3>Expected cost</h3>${picture}`, html`${kind}`)
}

function decisions(search: Search): Html | undefined {
  const rows = search.epochs.flatMap(({ epoch, paths, operations }) =>
    paths && operations ? [{ epoch, ...meanEntropies({ paths, ...operations }) }] : [],
  )
  if (rows.length < 2) return undefined
  const picture = chartOfAnyWidth('How undecided paths and operations are, by epoch', {
    ...SIZE,
    x: epochAxis(search),
    y: { label: 'undecided, %', grid: true, domain: [0, 1], tickFormat: inPoints },
    marks: [
      series(rows, { x: 'epoch', y: 'paths', stroke: COLOURS.winner }),
      series(rows, { x: 'epoch', y: 'operations', stroke: COLOURS.baseline }),
    ],
  })
  return figure(
    html`<h3>Decisions</h3>${key([COLOURS.winner, 'paths'], [COLOURS.baseline, 'operations'])}${picture}`,
    html`Mean entropy of the probabilities, as a share of its greatest: at 100 % every candidate is as likely as the others, at 0 % one is left.`,
  )
}
