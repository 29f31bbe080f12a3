import * as Plot from '@observablehq/plot'
import type { Correlation, FullTraining, ReportData } from '../data.ts'
import { count, counted, ordinal, percent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { COLOURS, chart, key, pointsOfMiou } from '../plot.ts'
import { facts, figure, type Section } from '../section.ts'
import { fullScore, scoredTrials } from '../statistics.ts'

type Pair = FullTraining & { readonly proxyScore: number; readonly full: number }

/** Whether the proxy task predicts full training: Fig. 4b of the DPC paper. */
export function proxySection({ rerank, trials }: ReportData): Section | undefined {
  const pairs = rerank?.entries.flatMap((entry) => pairOf(entry)) ?? []
  if (!rerank || pairs.length === 0) return undefined
  const rank = pairs.find(({ isWinner }) => isWinner)?.proxyRank
  return {
    id: 'proxy',
    title: 'Does the proxy task predict?',
    body: html`<div class="columns">
<div>${scatter(pairs)}</div>
<div><h3>Rank correlation of ${counted(pairs.length, 'pair')}</h3>${facts([
      ['Spearman’s ρ', inWords(rerank.spearman)],
      ['Kendall’s τ-b', inWords(rerank.kendall)],
    ])}
<p class="quiet">With 95 % bootstrap intervals. Only the best by proxy are trained in full; over so narrow a range, a correlation comes out lower than over all cells. For comparison: ρ = 0.46 over 50 cells in the DPC paper.</p>
${rank && html`<p>By proxy score the winner came ${ordinal(rank)} of ${count(scoredTrials(trials).length)}. In the paper it came 12th of 28,000.</p>`}</div>
</div>`,
  }
}

function pairOf(entry: FullTraining): readonly Pair[] {
  const full = fullScore(entry)
  return entry.proxyScore === undefined || full === undefined
    ? []
    : [{ ...entry, proxyScore: entry.proxyScore, full }]
}

const inWords = (correlation: Correlation | undefined): string =>
  correlation
    ? `${signed(correlation.value)}  [${signed(correlation.low)}, ${signed(correlation.high)}]`
    : 'undefined: no order to compare'

const signed = (x: number) => x.toFixed(2).replace('-', '−')

function scatter(pairs: readonly Pair[]): Html {
  const colour = ({ isWinner, role }: Pair) =>
    isWinner ? COLOURS.winner : role === 'baseline' ? COLOURS.baseline : COLOURS.trial
  const named = pairs.filter(({ isWinner, role }) => isWinner || role === 'baseline')
  const axis = { grid: true, nice: true, ticks: 5, tickFormat: pointsOfMiou }
  const picture = chart(`Full score against proxy score of ${counted(pairs.length, 'cell')}`, {
    width: 500,
    height: 420,
    marginRight: 60,
    x: { ...axis, label: 'proxy mIoU, %' },
    y: { ...axis, label: 'full mIoU, %' },
    marks: [
      Plot.ruleX(pairs, {
        x: 'proxyScore',
        y1: ({ scores }: Pair) => Math.min(...scores),
        y2: ({ scores }: Pair) => Math.max(...scores),
        stroke: colour,
        strokeOpacity: 0.5,
      }),
      Plot.dot(pairs, {
        x: 'proxyScore',
        y: 'full',
        r: 4.5,
        fill: colour,
        title: ({ name, cell, proxyScore, full }: Pair) =>
          `${name}: proxy ${percent(proxyScore)}, full ${percent(full)}\n${cell}`,
      }),
      Plot.text(named, {
        x: 'proxyScore',
        y: 'full',
        text: ({ isWinner, name }: Pair) => (isWinner ? 'winner' : name),
        fill: colour,
        stroke: COLOURS.paper,
        strokeWidth: 4,
        textAnchor: 'start',
        dx: 9,
      }),
    ],
  })
  const legend = key(
    [COLOURS.winner, 'winner'],
    [COLOURS.trial, 'candidates'],
    [COLOURS.baseline, 'baselines'],
  )
  return figure(
    html`${legend}${picture}`,
    html`A dot is a cell, at its mean over seeds; a line joins its lowest and highest seed.`,
  )
}
