import * as Plot from '@observablehq/plot'
import type { Rerank } from '../../nas/pipelines/dpc/comparison.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { count, counted, large, percent, points } from '../format.ts'
import { type Html, html } from '../html.ts'
import { COLOURS, chart, inPoints, key } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import { columns } from '../sortable.ts'
import { withSpread } from '../spread.ts'
import { CELL_NOTATION, cellInColour } from './cell.ts'
import type { DpcReportData } from './data.ts'
import { type Contestant, colourOf, contestants, isBaseline } from './statistics.ts'

/** Searched cells shown beside the baselines; the table below the chart has all. */
const MOST_SEARCHED = 10

export function fullTrainingSection({ rerank, record }: DpcReportData): Section | undefined {
  if (!rerank) return undefined
  const ranked = contestants(rerank)
  const { seeds } = record.config.rerank
  return {
    id: 'baselines',
    title: 'Full training against baselines',
    body: html`<p>The best cells by proxy score and the baselines, all trained alike: backbone and cell together, with ${counted(seeds.length, 'seed')}.${newData(rerank, record)}</p>
${comparison(ranked)}${table(ranked)}<p class="quiet">Parameters and multiply-adds are those of the whole network. ${CELL_NOTATION}</p>`,
  }
}

/** Of an edition that was made after the dataset had changed. */
function newData({ dataset }: Rerank, record: RunRecord): string {
  if (dataset.fingerprint === record.dataset.fingerprint) return ''
  return ` Trained and scored on the dataset as it was after the search: ${counted(dataset.train, 'image')} for training, ${count(dataset.validation)} for validation, fingerprint ${dataset.fingerprint}. Proxy scores are those of the search.`
}

type Seed = { readonly contestant: Contestant; readonly score: number }

function comparison(ranked: readonly Contestant[]): Html | undefined {
  const trained = ranked.filter(({ seeds }) => seeds.length > 0)
  const searched = trained.filter((each) => !isBaseline(each)).slice(0, MOST_SEARCHED)
  const shown = trained.filter((each) => isBaseline(each) || searched.includes(each))
  if (shown.length === 0) return undefined
  const seeds = shown.flatMap((contestant) => contestant.seeds.map((score): Seed => ({ contestant, score })))
  const picture = chart('Scores after full training, by cell and seed', {
    height: 80 + 28 * shown.length,
    marginLeft: 110,
    x: { label: 'mIoU, %', grid: true, nice: true, tickFormat: inPoints },
    y: { domain: shown.map(({ name }) => name), label: null, tickSize: 0 },
    marks: [
      Plot.dot(seeds, {
        x: 'score',
        y: ({ contestant }: Seed) => contestant.name,
        r: 4,
        fill: ({ contestant }: Seed) => colourOf(contestant),
        fillOpacity: 0.7,
        title: ({ contestant, score }: Seed) => `${contestant.name}: ${percent(score)}`,
      }),
      Plot.tickX(shown, { x: 'score', y: 'name', stroke: colourOf, strokeWidth: 2, inset: 1 }),
    ],
  })
  const legend = key(
    [COLOURS.winner, 'winner'],
    [COLOURS.trial, 'other searched cells'],
    [COLOURS.baseline, 'baselines'],
  )
  const left = ranked.length - shown.length
  return figure(
    html`${legend}${picture}`,
    html`A dot is a seed, a bar the mean over seeds.${left > 0 ? ` ${counted(left, 'cell')} only in the table.` : ''}`,
  )
}

const table = (ranked: readonly Contestant[]): Html =>
  html`<div class="scroll tall"><table class="sortable"><thead><tr>${columns([
    ['Trained', 'text'],
    ['Full mIoU, %', 'number'],
    ['Proxy mIoU, %', 'number'],
    ['Parameters', 'number'],
    ['Multiply-adds', 'number'],
    ['Cell', 'text'],
  ])}</tr></thead><tbody>${ranked.map(row)}</tbody></table></div>`

function row(contestant: Contestant): Html {
  const { genotype, isWinner, multiplyAdds, name, parameters, proxy, role, score, trials } = contestant
  const reason = trials.find((trial) => trial.reason)?.reason
  return html`<tr class="${isWinner ? 'winner' : role}"><td class="nowrap">${name}</td>
<td class="number" data-value="${score ?? -1}">${score === null ? html`<span class="bad" title="${reason ?? 'no score'}">failed</span>` : withSpread(contestant)}</td>
<td class="number" data-value="${proxy?.score ?? -1}">${points(proxy?.score ?? null)}</td>
<td class="number" data-value="${parameters ?? -1}">${large(parameters)}</td>
<td class="number" data-value="${multiplyAdds ?? -1}">${large(multiplyAdds)}</td>
<td class="branches">${cellInColour(genotype)}</td></tr>`
}
