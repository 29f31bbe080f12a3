import * as Plot from '@observablehq/plot'
import type { FullTraining, ReportData } from '../data.ts'
import { count, counted, points } from '../format.ts'
import { type Html, html } from '../html.ts'
import { COLOURS, chart, key, pointsOfMiou } from '../plot.ts'
import { figure, type Section } from '../section.ts'
import { columns } from '../sortable.ts'
import { byFullScore, fullScore, seedSpread } from '../statistics.ts'

/** Candidates shown beside the winner and the baselines before the chart becomes a list. */
const SHOWN_CANDIDATES = 10

export function fullTrainingSection({ rerank }: ReportData): Section | undefined {
  if (!rerank || rerank.entries.length === 0) return undefined
  const ranked = byFullScore(rerank.entries)
  return {
    id: 'full-training',
    title: 'Full training against baselines',
    body: html`<p>The best candidates by proxy score and the baselines, all trained alike: backbone and cell together.</p>
${ranked.some(({ scores }) => scores.length > 0) ? comparison(ranked) : undefined}${table(ranked)}`,
  }
}

const colourOf = ({ isWinner, role }: FullTraining) =>
  isWinner ? COLOURS.winner : role === 'baseline' ? COLOURS.baseline : COLOURS.trial

const MEANING = key(
  [COLOURS.winner, 'winner'],
  [COLOURS.trial, 'other candidates'],
  [COLOURS.baseline, 'baselines'],
)

function comparison(ranked: readonly FullTraining[]): Html {
  const succeeded = ranked.filter(({ scores }) => scores.length > 0)
  const candidates = succeeded.filter(({ role }) => role === 'candidate').slice(0, SHOWN_CANDIDATES)
  const shown = succeeded.filter(
    (entry) => entry.role === 'baseline' || entry.isWinner || candidates.includes(entry),
  )
  const seeds = shown.flatMap((entry) => entry.scores.map((score) => ({ entry, score })))
  const left = shown.filter(({ role }) => role === 'candidate').length
  const picture = chart('Full-training scores by seed: winner, candidates and baselines', {
    height: 60 + 30 * shown.length,
    marginLeft: 150,
    x: { label: 'mIoU after full training, %', grid: true, nice: true, tickFormat: pointsOfMiou },
    y: { domain: shown.map(({ name }) => name), label: null, tickSize: 0 },
    marks: [
      Plot.dot(seeds, {
        x: 'score',
        y: ({ entry }: { entry: FullTraining }) => entry.name,
        r: 4.5,
        fill: ({ entry }: { entry: FullTraining }) => colourOf(entry),
        fillOpacity: 0.75,
        title: ({ entry, score }: { entry: FullTraining; score: number }) =>
          `${entry.name}: ${points(score)}`,
      }),
      Plot.tickX(shown, {
        x: (entry: FullTraining) => fullScore(entry),
        y: (entry: FullTraining) => entry.name,
        stroke: colourOf,
        strokeWidth: 2,
        inset: 4,
      }),
    ],
  })
  return figure(
    html`<h3>Winner against baselines</h3>${MEANING}${picture}`,
    html`A dot is a seed, a bar the mean over seeds. ${counted(left, 'candidate')} shown, best first.`,
  )
}

const table = (ranked: readonly FullTraining[]): Html =>
  html`<div class="scroll"><table class="sortable"><thead><tr>${columns([
    ['Full mIoU', true],
    ['Trained', false],
    ['Proxy mIoU', true],
    ['By proxy', true],
    ['Cell', false],
  ])}</tr></thead><tbody>${ranked.map(
    (entry) =>
      html`<tr class="${entry.isWinner ? 'winner' : entry.role}"><td class="number" data-value="${fullScore(entry) ?? -1}">${entry.scores.length > 0 ? seedSpread(entry) : html`<span class="bad">failed</span>`}</td><td>${entry.name}</td><td class="number" data-value="${entry.proxyScore ?? -1}">${points(entry.proxyScore)}</td><td class="number" data-value="${entry.proxyRank ?? -1}">${entry.proxyRank ? count(entry.proxyRank) : '–'}</td><td>${entry.cell}</td></tr>`,
  )}</tbody></table></div>`
