import * as Plot from '@observablehq/plot'
import { FEWEST_PAIRS, type Rerank } from '../../nas/pipelines/dpc/comparison.ts'
import { legend } from '../comparison/chart.ts'
import { KIND_COLOURS } from '../comparison/ranking.ts'
import { count, counted, ordinal, percent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { chartOfAnyWidth, inPoints } from '../plot.ts'
import { facts, figure, type Section } from '../section.ts'
import { cellInWords } from './cell.ts'
import { type Cell, comparisonWords, rankCells } from './comparison.ts'
import type { DpcReportData } from './data.ts'
import { scored } from './statistics.ts'

/** Whether the proxy task predicts full training: Fig. 4b of the DPC paper. */
export function proxySection({ rerank, tried, winner }: DpcReportData): Section | undefined {
  if (!rerank || rerank.pairs === 0) return undefined
  return {
    id: 'proxy',
    title: 'Does the proxy task predict?',
    body: html`<div class="columns">
${scatter(rankCells(rerank).candidates.filter(({ score }) => score !== null))}
<div><h3>Rank correlation over ${counted(rerank.pairs, 'cell')}</h3>${facts([
      ['Spearman’s ρ', inWords(rerank.spearman, rerank.pairs)],
      ['Kendall’s τ-b', inWords(rerank.kendall, rerank.pairs)],
    ])}
<p class="quiet">In brackets: 95 % bootstrap intervals. Over the best by proxy score and the baselines, all trained in full. The DPC paper found ρ = 0.46 over its best 50.</p>
${winner && html`<p>By proxy score the winner came ${ordinal(winner.proxy.rank)} of ${count(scored(tried).length)}. In the paper it came 12th of 28 thousand.</p>`}</div>
</div>`,
  }
}

const inWords = (correlation: Rerank['spearman'], pairs: number): string =>
  correlation === null
    ? pairs < FEWEST_PAIRS
      ? `not told below ${FEWEST_PAIRS} cells`
      : 'no order to compare'
    : `${signed(correlation.value)} [${signed(correlation.low)}, ${signed(correlation.high)}]`

const signed = (x: number) => x.toFixed(2).replace('-', '−')

function scatter(trained: readonly Cell[]): Html {
  const both = trained.filter(({ proxy }) => proxy !== null)
  const colourOf = ({ kind }: Cell) => KIND_COLOURS[kind]
  const axis = { nice: true, ticks: 5, tickFormat: inPoints }
  const proxyScore = ({ proxy }: Cell) => proxy?.score
  const picture = chartOfAnyWidth(`Full score against proxy score of ${counted(both.length, 'cell')}`, {
    width: 500,
    height: 400,
    x: { ...axis, label: 'proxy mIoU, %', insetRight: 12, insetLeft: 12 },
    y: { ...axis, label: 'full mIoU, %', grid: true },
    marks: [
      Plot.ruleX(both, {
        x: proxyScore,
        y1: ({ seeds }: Cell) => Math.min(...seeds),
        y2: ({ seeds }: Cell) => Math.max(...seeds),
        stroke: colourOf,
        strokeOpacity: 0.5,
      }),
      Plot.dot(both, {
        x: proxyScore,
        y: 'score',
        r: 4.5,
        fill: colourOf,
        title: ({ name, genotype, proxy, score }: Cell) =>
          `${name}: proxy ${percent(proxy?.score ?? null)}, full ${percent(score)}\n${cellInWords(genotype)}`,
      }),
    ],
  })
  return figure(
    html`${legend(both, comparisonWords)}${picture}`,
    html`A dot is a cell at its mean over seeds, with a line from its lowest to its highest seed.`,
  )
}
