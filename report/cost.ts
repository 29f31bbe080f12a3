import * as Plot from '@observablehq/plot'
import { jobKinds, type LedgerEntry, totals } from '../nas/runs/ledger.ts'
import { count, counted, duration, usd } from './format.ts'
import type { Tile } from './header.ts'
import { type Html, html } from './html.ts'
import type { Phase, Phases } from './phase.ts'
import { chartOfAnyWidth, key } from './plot.ts'
import { figure, type Section } from './section.ts'
import { jobsAtWork } from './timeline.ts'

/** What a run has used, for the head of its report. */
export function costTiles(ledger: readonly LedgerEntry[]): readonly Tile[] {
  const { attempts, gpuHours, usd: spent } = totals(ledger)
  return [
    {
      name: 'Machine time',
      value: duration(gpuHours * 3600),
      remark: `${counted(attempts, 'attempt')} of jobs`,
    },
    { name: 'Cost', value: usd(spent) },
  ]
}

export function costSection(ledger: readonly LedgerEntry[], phases: Phases): Section | undefined {
  if (ledger.length === 0) return undefined
  return {
    id: 'cost',
    title: 'Time and money',
    body: html`${timeline(ledger, phases)}${table(ledger, phases)}<p class="quiet">From the ledger: every attempt of every job, interrupted and failed ones too, at the price of its machine. An open attempt is running, or was killed before it could say so; it counts up to its last sign of life.</p>`,
  }
}

function table(ledger: readonly LedgerEntry[], phases: Phases): Html {
  const all = totals(ledger)
  const row = (name: string, entries: readonly LedgerEntry[]) => {
    const { attempts, failed, interrupted, gpuHours, usd: spent } = totals(entries)
    const open = entries.filter(({ outcome }) => outcome === 'running').length
    const counts = [attempts, interrupted, failed, open].map((n) => html`<td class="number">${count(n)}</td>`)
    const share = all.usd > 0 ? spent / all.usd : gpuHours / (all.gpuHours || 1)
    return html`<tr><td>${name}</td>${counts}<td class="number">${duration(gpuHours * 3600)}</td><td class="number">${usd(spent)}</td><td class="track"><span class="bar" style="--share:${(share * 100).toFixed(1)}%"></span></td></tr>`
  }
  const heads = ['Attempts', 'Interrupted', 'Failed', 'Open', 'Machine time', 'Cost']
  return html`<div class="scroll"><table><thead><tr><th scope="col">Phase</th>${heads.map((head) => html`<th scope="col" class="number">${head}</th>`)}<td></td></tr></thead>
<tbody>${phasesOf(ledger, phases).map(([kind, { name }]) =>
    row(
      name,
      ledger.filter(({ job }) => job === kind),
    ),
  )}</tbody>
<tfoot>${row('All', ledger)}</tfoot></table></div>`
}

/** Those of which a job has run. Jobs that are of no phase are called what they are. */
const phasesOf = (ledger: readonly LedgerEntry[], phases: Phases): readonly (readonly [string, Phase])[] =>
  jobKinds(ledger, Object.keys(phases)).map((kind) => [
    kind,
    Object.hasOwn(phases, kind) ? phases[kind]! : { name: kind, colour: 'var(--quiet)' },
  ])

function timeline(ledger: readonly LedgerEntry[], phases: Phases): Html | undefined {
  const { bins, milliseconds } = jobsAtWork(ledger)
  if (milliseconds === 0) return undefined
  const unit =
    milliseconds > 2 * HOUR ? { name: 'hours', length: HOUR } : { name: 'minutes', length: HOUR / 60 }
  const shown = phasesOf(ledger, phases)
  const picture = chartOfAnyWidth('Jobs at work over time, by phase', {
    height: 210,
    x: { label: `${unit.name} since the first job`, domain: [0, milliseconds / unit.length] },
    y: { label: 'jobs at work', grid: true },
    color: { domain: shown.map(([kind]) => kind), range: shown.map(([, { colour }]) => colour) },
    marks: [
      Plot.rectY(
        bins.map((bin) => ({ ...bin, from: bin.from / unit.length, to: bin.to / unit.length })),
        Plot.stackY({ x1: 'from', x2: 'to', y: 'jobs', fill: 'phase', shapeRendering: 'crispEdges' }),
      ),
    ],
  })
  return figure(
    html`<h3>Jobs at work</h3>${key(...shown.map(([, { name, colour }]) => [colour, name] as const))}${picture}`,
    html`How many jobs ran at once.`,
  )
}

const HOUR = 3_600_000
