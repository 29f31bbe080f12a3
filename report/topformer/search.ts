import * as Plot from '@observablehq/plot'
import { searchesOf } from '../../nas/pipelines/topformer/searches.ts'
import { isScored } from '../../nas/runs/rounds.ts'
import { blockOf } from '../../nas/search/coordinate-descent.ts'
import { limitedCost } from '../../nas/spaces/topformer/limit.ts'
import { HALVES } from '../../nas/spaces/topformer/space.ts'
import { count, counted, large } from '../format.ts'
import { html } from '../html.ts'
import { COLOURS, chartOfAnyWidth, inPoints, series } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import type { TopformerReportData } from './data.ts'

/** Best score so far of each search, half-step by half-step. */
export function halfStepsSection({ record, results }: TopformerReportData): Section | undefined {
  if (results.length === 0) return undefined
  const lines = searchesOf(record).flatMap(({ index, strategy, limit }) => {
    let best = 0
    return results.map(({ searches }, round) => {
      best = Math.max(best, ...searches[index]!.filter(isScored).map(({ score }) => score))
      return {
        round: round + 1,
        best,
        search: `${strategy.kind}, ${limit.of === 'latency' ? `${limit.most} ms` : large(limit.most)}`,
      }
    })
  })
  const picture = chartOfAnyWidth('Best score with inherited weights after each half-step, by search', {
    x: { label: 'half-step', tickFormat: 'd', ticks: Math.min(10, results.length) },
    y: { label: 'best mIoU, %', tickFormat: inPoints, grid: true },
    color: { legend: false, scheme: 'Tableau10' },
    marks: [
      series(lines, { x: 'round', y: 'best', z: 'search', stroke: 'search' }),
      Plot.text(
        lines,
        Plot.selectLast({ x: 'round', y: 'best', z: 'search', text: 'search', dy: -9, textAnchor: 'end' }),
      ),
    ],
  })
  const { samples, keepIncumbent } = record.config.search
  return {
    id: 'half-steps',
    title: 'The search, half by half',
    body: figure(
      picture,
      html`Each half-step evaluates ${counted(samples, 'network')} for each search, coordinate descent the ${blockOf({ blocks: HALVES }, 0) === 'vit' ? 'ViT first, then the CNN' : 'CNN first, then the ViT'}; the best is fixed for the next${keepIncumbent ? ', or what was best before' : ''}. Scores are of networks with weights of the supernet and calibrated statistics, on the validation images.`,
    ),
  }
}

/** Every network that was evaluated, and the Pareto front of all. */
export function frontSection({ record, results, task, front }: TopformerReportData): Section | undefined {
  if (front.points.length === 0) return undefined
  const { of } = record.config.search.limit
  const dots = results
    .flatMap(({ searches }) => searches.flat())
    .filter(isScored)
    .map(({ genotype, score }) => ({ cost: limitedCost(genotype, of, task), score }))
  const line = front.points.map((point) => ({
    cost: limitedCost(point.genotype, of, task),
    score: point.score,
  }))
  const picture = chartOfAnyWidth(
    'Score against cost of every network that was evaluated, with the Pareto front',
    {
      x: { label: NAMES[of], tickFormat: '~s' },
      y: { label: 'mIoU, %', tickFormat: inPoints, grid: true },
      marks: [
        Plot.dot(dots, { x: 'cost', y: 'score', r: 2.5, fill: COLOURS.trial }),
        Plot.lineY(line, { x: 'cost', y: 'score', stroke: COLOURS.winner, strokeWidth: 2, marker: 'dot' }),
      ],
    },
  )
  return {
    id: 'front',
    title: 'The front of one training',
    body: html`${figure(picture, html`${count(front.evaluated)} networks were evaluated; the line joins those that no other beats without costing more.${of === 'latency' ? ' Latencies are sums over parts, each measured by itself: the table of the exported front has those of whole networks.' : ''}`)}
<div class="scroll"><table><thead><tr><th scope="col" class="number">mIoU, %</th><th scope="col" class="number">Multiply-adds</th><th scope="col" class="number">FLOPs (mmcv)</th><th scope="col" class="number">Parameters</th>${of === 'latency' ? html`<th scope="col" class="number">Latency, ms</th>` : ''}<th scope="col">Widths</th></tr></thead>
<tbody>${front.points.map(({ score, multiplyAdds, flops, parameters, latency, genotype }) => html`<tr><td class="number">${(score * 100).toFixed(2)}</td><td class="number">${large(multiplyAdds)}</td><td class="number">${large(flops)}</td><td class="number">${large(parameters)}</td>${latency === undefined ? '' : html`<td class="number">${latency.toPrecision(3)}</td>`}<td class="nowrap">${genotype.convolutions.map(({ width }) => width).join(' → ')}</td></tr>`)}</tbody></table></div>`,
  }
}

const NAMES = {
  multiplyAdds: 'multiply-adds',
  flops: 'FLOPs by mmcv’s counter',
  parameters: 'parameters',
  latency: 'latency, ms',
} as const
