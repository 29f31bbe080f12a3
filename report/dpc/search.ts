import * as Plot from '@observablehq/plot'
import type { Ranked, Tried } from '../../nas/pipelines/dpc/leaderboard.ts'
import { count, counted, percent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { COLOURS, chartOfAnyWidth, inPoints } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import { trialsChart, wholeTicks } from '../trials-chart.ts'
import { cellInWords } from './cell.ts'
import type { DpcReportData } from './data.ts'
import { failed, failureReasons, scored } from './statistics.ts'

export function searchSection({ tried, winner }: DpcReportData): Section | undefined {
  if (tried.length === 0) return undefined
  return {
    id: 'search',
    title: 'The search',
    body: html`${progress(tried, winner?.proxy.trial)}${distribution(scored(tried))}${reasons(tried)}`,
  }
}

const progress = (tried: readonly Tried[], winner: string | undefined): Html =>
  trialsChart(
    { scored: scored(tried), failed: failed(tried) },
    {
      label: `Proxy scores of ${counted(tried.length, 'trial')} in the order of proposal`,
      axis: 'proxy mIoU, %',
      title: ({ number, score, genotype }) => `Trial ${number}: ${percent(score)}\n${cellInWords(genotype)}`,
      isWinner: ({ trial }) => trial === winner,
      reading: 'Cells in the order in which the search proposed them.',
    },
  )

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
