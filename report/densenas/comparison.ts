import * as Plot from '@observablehq/plot'
import { counted, large, percent, points } from '../format.ts'
import { type Html, html } from '../html.ts'
import { COLOURS, chart, inPoints, key } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import { columns } from '../sortable.ts'
import { withSpread } from '../spread.ts'
import type { DenseNasReportData } from './data.ts'
import { type Contestant, colourOf, contestants } from './statistics.ts'

export function rivalsSection({ comparison, record }: DenseNasReportData): Section | undefined {
  if (!comparison) return undefined
  const ranked = contestants(comparison)
  const { seeds, epochs } = record.config.retrain
  return {
    id: 'rivals',
    title: 'The network found against baselines',
    body: html`<p>All trained alike from their initial weights, for ${counted(epochs, 'epoch')} over all training images, with ${counted(seeds.length, 'seed')}. The validation images took no part in the search.</p>
${picture(ranked)}${table(ranked)}<p class="quiet">After ±: the standard deviation over seeds. Random paths are drawn from the same space, with about as many multiply-adds; MobileNetV2 has the width that gives as many.</p>`,
  }
}

type Seed = { readonly contestant: Contestant; readonly score: number }

function picture(ranked: readonly Contestant[]): Html | undefined {
  const trained = ranked.filter(({ seeds }) => seeds.length > 0)
  if (trained.length === 0) return undefined
  const seeds = trained.flatMap((contestant) =>
    contestant.seeds.map((score): Seed => ({ contestant, score })),
  )
  const drawn = chart('Top-1 accuracy, by network and seed', {
    height: 80 + 28 * trained.length,
    marginLeft: 130,
    x: { label: 'top-1, %', grid: true, nice: true, tickFormat: inPoints },
    y: { domain: trained.map(({ name }) => name), label: null, tickSize: 0 },
    marks: [
      Plot.dot(seeds, {
        x: 'score',
        y: ({ contestant }: Seed) => contestant.name,
        r: 4,
        fill: ({ contestant }: Seed) => colourOf(contestant),
        fillOpacity: 0.7,
        title: ({ contestant, score }: Seed) => `${contestant.name}: ${percent(score)}`,
      }),
      Plot.tickX(trained, { x: 'score', y: 'name', stroke: colourOf, strokeWidth: 2, inset: 1 }),
    ],
  })
  const legend = key(
    [COLOURS.winner, 'the network found'],
    [COLOURS.trial, 'random paths'],
    [COLOURS.baseline, 'MobileNetV2'],
  )
  return figure(html`${legend}${drawn}`, html`A dot is a seed, a bar the mean over seeds.`)
}

const table = (ranked: readonly Contestant[]): Html =>
  html`<div class="scroll"><table class="sortable"><thead><tr>${columns([
    ['Network', 'text'],
    ['Top-1, %', 'number'],
    ['Lowest to highest', 'number'],
    ['Top-5, %', 'number'],
    ['Parameters', 'number'],
    ['Multiply-adds', 'number'],
    ['Widths', 'text'],
  ])}</tr></thead><tbody>${ranked.map(row)}</tbody></table></div>`

/** Marked in the colours of the picture. */
const ROW = { derived: 'winner', random: '', 'mobilenet-v2': 'mobilenet-v2' } as const

function row(contestant: Contestant): Html {
  const { name, role, network, score, seeds, top5, parameters, multiplyAdds, trials } = contestant
  const reason = trials.find((trial) => trial.reason)?.reason
  const [low, high] = [Math.min(...seeds), Math.max(...seeds)]
  return html`<tr class="${ROW[role]}"><td class="nowrap">${name}</td>
<td class="number" data-value="${score ?? -1}">${score === null ? html`<span class="bad" title="${reason ?? 'no score'}">failed</span>` : withSpread(contestant)}</td>
<td class="number" data-value="${seeds.length > 1 ? low : -1}">${seeds.length > 1 ? `${points(low)} – ${points(high)}` : '–'}</td>
<td class="number" data-value="${top5 ?? -1}">${points(top5)}</td>
<td class="number" data-value="${parameters ?? -1}">${large(parameters)}</td>
<td class="number" data-value="${multiplyAdds}">${large(multiplyAdds)}</td>
<td class="nowrap">${network.kind === 'densenas' ? network.genotype.blocks.map(({ width }) => width).join(' → ') : '–'}</td></tr>`
}
