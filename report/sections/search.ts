import * as Plot from '@observablehq/plot'
import type { ReportData } from '../data.ts'
import { count, counted, percent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { COLOURS, chart, key, pointsOfMiou } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import { failures, type Scored, scoredTrials } from '../statistics.ts'
import { thin } from '../thin.ts'

/** As many dots as a reader can tell apart at the width of the page. */
const GRID = { columns: 256, rows: 72 }
/** Above this, the text that appears on pointing at a dot would outweigh the rest of the page. */
const MOST_TITLES = 1000

export function searchSection({ trials, winner }: ReportData): Section | undefined {
  if (trials.length === 0) return undefined
  const scored = scoredTrials(trials)
  const failed = trials.flatMap(({ outcome }, i) => (outcome.kind === 'failed' ? [i + 1] : []))
  return {
    id: 'search',
    title: 'The search',
    body: html`${progress(scored, failed, trials.length, winner?.proxyTrial)}${scored.length > 1 ? distribution(scored) : undefined}${reasons(trials)}`,
  }
}

function progress(
  scored: readonly Scored[],
  failed: readonly number[],
  total: number,
  winner?: string,
): Html {
  const best = bestSoFar(scored)
  const dots = thin(
    scored,
    ({ number }) => number,
    ({ score }) => score,
    GRID,
  )
  const crosses = thin(
    failed,
    (number) => number,
    () => 0,
    { columns: GRID.columns, rows: 1 },
  )
  const picked = scored.filter(({ trial }) => trial === winner)
  const picture = chart(
    `Proxy score of ${counted(scored.length, 'trial')} in the order of proposal, and the best so far`,
    {
      x: {
        domain: [0, total + 1],
        label: 'trial',
        tickFormat: (n: number) => (Number.isInteger(n) ? count(n) : ''),
      },
      y: { label: 'proxy mIoU, %', grid: true, nice: true, tickFormat: pointsOfMiou },
      marks: [
        Plot.dot(dots, {
          x: 'number',
          y: 'score',
          r: dots.length > MOST_TITLES ? 1.5 : 2.5,
          fill: COLOURS.trial,
          ...(dots.length <= MOST_TITLES && {
            title: ({ number, score, cell }: Scored) => `Trial ${number}: ${percent(score)}\n${cell}`,
          }),
        }),
        Plot.line([...best, { number: total, score: best.at(-1)?.score ?? 0 }], {
          x: 'number',
          y: 'score',
          curve: 'step-after',
          stroke: COLOURS.winner,
          strokeWidth: 2,
        }),
        Plot.dot(picked, { x: 'number', y: 'score', r: 6, stroke: COLOURS.winner, strokeWidth: 2 }),
        Plot.dot(crosses, {
          x: (n: number) => n,
          frameAnchor: 'bottom',
          symbol: 'times',
          r: 3,
          stroke: COLOURS.failed,
        }),
      ],
    },
  )
  const legend = key(
    [COLOURS.trial, 'a trial'],
    [COLOURS.winner, picked.length > 0 ? 'best so far; the ring is the winner' : 'best so far'],
    ...(failed.length > 0 ? [[COLOURS.failed, 'failed'] as const] : []),
  )
  const thinned =
    dots.length < scored.length
      ? ` Where trials lie on top of each other, one is drawn: ${count(dots.length)} of ${count(scored.length)}.`
      : ''
  return figure(
    html`<h3>Score against trial</h3>${legend}${picture}`,
    html`Proxy scores in the order in which the search proposed the cells.${thinned}`,
  )
}

/** The trials that were the best when they came. */
function bestSoFar(scored: readonly Scored[]): readonly Scored[] {
  let best = Number.NEGATIVE_INFINITY
  return scored.filter(({ score }) => {
    if (score <= best) return false
    best = score
    return true
  })
}

const distribution = (scored: readonly Scored[]): Html =>
  figure(
    html`<h3>Distribution of proxy scores</h3>${chart('Histogram of proxy scores', {
      height: 220,
      x: { label: 'proxy mIoU, %', tickFormat: pointsOfMiou },
      y: { label: 'trials', grid: true, tickFormat: (n: number) => (Number.isInteger(n) ? count(n) : '') },
      marks: [
        Plot.rectY(scored, {
          ...Plot.binX({ y: 'count' }, { x: 'score', thresholds: 40 }),
          fill: COLOURS.trial,
        }),
        Plot.ruleY([0], { stroke: COLOURS.quiet }),
      ],
    })}`,
    html`How much the cells of the space differ: Fig. 4a of the DPC paper.`,
  )

function reasons(trials: ReportData['trials']): Html | undefined {
  const listed = failures(trials)
  if (listed.length === 0) return undefined
  return html`<h3>Why trials failed</h3><div class="scroll"><table><thead><tr><th scope="col">Reason</th><th scope="col" class="number">Trials</th></tr></thead><tbody>${listed
    .slice(0, 20)
    .map(
      ([reason, times]) => html`<tr><td>${reason}</td><td class="number">${count(times)}</td></tr>`,
    )}</tbody></table></div>`
}
