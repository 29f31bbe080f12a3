import * as Plot from '@observablehq/plot'
import type { Ranked, Tried } from '../../nas/pipelines/dpc/leaderboard.ts'
import { count, counted, percent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { COLOURS, chartOfAnyWidth, cloud, inPoints, key } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import { thin } from '../thin.ts'
import { cellInWords } from './cell.ts'
import type { DpcReportData } from './data.ts'
import { failed, failureReasons, scored } from './statistics.ts'

/** As many dots as a reader can tell apart at the width of the page. */
const GRID = { columns: 256, rows: 72 }
/** Above this, the text that appears on pointing at a dot would outweigh the rest of the page. */
const MOST_TITLES = 1000

export function searchSection({ tried, winner }: DpcReportData): Section | undefined {
  if (tried.length === 0) return undefined
  return {
    id: 'search',
    title: 'The search',
    body: html`${progress(tried, winner?.proxy.trial)}${distribution(scored(tried))}${reasons(tried)}`,
  }
}

function progress(tried: readonly Tried[], winner: string | undefined): Html {
  const ranked = scored(tried)
  const dots = thin(
    ranked,
    ({ number }) => number,
    ({ score }) => score,
    GRID,
  )
  const crosses = thin(
    failed(tried),
    ({ number }) => number,
    () => 0,
    { ...GRID, rows: 1 },
  )
  const best = bestSoFar(ranked)
  const last = best.at(-1)
  const place = { x: 'number', y: 'score', fill: COLOURS.trial } as const
  const picture = chartOfAnyWidth(
    `Proxy scores of ${counted(tried.length, 'trial')} in the order of proposal`,
    {
      x: { domain: [0, tried.length], label: 'trial', tickFormat: wholeTicks, insetLeft: 6, insetRight: 6 },
      y: { label: 'proxy mIoU, %', grid: true, nice: true, tickFormat: inPoints, insetBottom: 10 },
      marks: [
        dots.length <= MOST_TITLES
          ? Plot.dot(dots, { ...place, r: 2.5, title })
          : cloud(dots, { ...place, r: 1.5 }),
        Plot.line(last ? [...best, { ...last, number: tried.length }] : [], {
          x: 'number',
          y: 'score',
          curve: 'step-after',
          stroke: COLOURS.winner,
          strokeWidth: 2,
        }),
        Plot.dot(
          ranked.filter(({ trial }) => trial === winner),
          { x: 'number', y: 'score', r: 6, stroke: COLOURS.winner, strokeWidth: 2 },
        ),
        Plot.dot(crosses, {
          x: 'number',
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
    [COLOURS.winner, winner ? 'best so far; the ring is the winner' : 'best so far'],
    ...(crosses.length > 0 ? [[COLOURS.failed, 'failed'] as const] : []),
  )
  const hidden = ranked.length - dots.length
  return figure(
    html`<h3>Score against trial</h3>${legend}${picture}`,
    html`Cells in the order in which the search proposed them.${hidden > 0 ? ` Where trials lie on top of each other one is drawn: ${count(dots.length)} of ${count(ranked.length)}.` : ''}`,
  )
}

const title = ({ number, score, genotype }: Ranked): string =>
  `Trial ${number}: ${percent(score)}\n${cellInWords(genotype)}`

const wholeTicks = (n: number): string => (Number.isInteger(n) ? count(n) : '')

/** Trials that scored higher than all trials before them. */
function bestSoFar(ranked: readonly Ranked[]): readonly Ranked[] {
  let best = -1
  return ranked.filter(({ score }) => {
    const better = score > best
    best = Math.max(best, score)
    return better
  })
}

function distribution(ranked: readonly Ranked[]): Html | undefined {
  if (ranked.length < 2) return undefined
  const picture = chartOfAnyWidth('Histogram of proxy scores', {
    height: 220,
    x: { label: 'proxy mIoU, %', tickFormat: inPoints },
    y: { label: 'trials', grid: true, tickFormat: wholeTicks },
    marks: [
      Plot.rectY(ranked, {
        ...Plot.binX({ y: 'count' }, { x: 'score', thresholds: 40 }),
        fill: COLOURS.trial,
      }),
      Plot.ruleY([0], { stroke: COLOURS.quiet }),
    ],
  })
  return figure(
    html`<h3>Distribution of proxy scores</h3>${picture}`,
    html`How much the choice of the cell matters (Fig. 4a of the DPC paper).`,
  )
}

function reasons(tried: readonly Tried[]): Html | undefined {
  const listed = failureReasons(tried)
  if (listed.length === 0) return undefined
  return html`<h3>Why trials failed</h3><div class="scroll"><table><thead><tr><th scope="col">Reason</th><th scope="col" class="number">Trials</th></tr></thead><tbody>${listed
    .slice(0, MOST_REASONS)
    .map(
      ([reason, times]) => html`<tr><td>${reason}</td><td class="number">${count(times)}</td></tr>`,
    )}</tbody></table></div>`
}

const MOST_REASONS = 20
