import * as Plot from '@observablehq/plot'
import { type JobKind, jobKindSchema } from '../nas/runs/job.ts'
import { type LedgerEntry, totals } from '../nas/runs/ledger.ts'
import { count, duration, usd } from './format.ts'
import { type Html, html } from './html.ts'
import { chart, key } from './plot.ts'
import { figure, type Section } from './section.ts'
import { jobsAtWork } from './timeline.ts'

const PHASES = jobKindSchema.options
const NAMES: Readonly<Record<JobKind, string>> = {
  pretrain: 'Pretraining',
  features: 'Caching features',
  'proxy-task': 'Proxy task',
  train: 'Full training',
  survey: 'Looking at new data',
  latency: 'Measuring latencies',
  supernet: 'Supernet',
  classifier: 'Training networks',
}
const COLOUR: Readonly<Record<JobKind, string>> = {
  pretrain: 'var(--quiet)',
  features: 'var(--ink)',
  'proxy-task': 'var(--accent)',
  train: 'var(--baseline)',
  survey: 'var(--quiet)',
  latency: 'var(--quiet)',
  supernet: 'var(--accent)',
  classifier: 'var(--baseline)',
}

export function costSection(ledger: readonly LedgerEntry[]): Section | undefined {
  if (ledger.length === 0) return undefined
  return {
    id: 'cost',
    title: 'Time and money',
    body: html`${timeline(ledger)}${table(ledger)}<p class="quiet">From the ledger: every attempt of every job, interrupted and failed ones too, at the price of its machine. An open attempt is running, or was killed before it could say so; it counts up to its last sign of life.</p>`,
  }
}

function table(ledger: readonly LedgerEntry[]): Html {
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
<tbody>${phasesOf(ledger).map((phase) =>
    row(
      NAMES[phase],
      ledger.filter(({ job }) => job === phase),
    ),
  )}</tbody>
<tfoot>${row('All', ledger)}</tfoot></table></div>`
}

const phasesOf = (ledger: readonly LedgerEntry[]) =>
  PHASES.filter((phase) => ledger.some(({ job }) => job === phase))

function timeline(ledger: readonly LedgerEntry[]): Html | undefined {
  const { bins, milliseconds } = jobsAtWork(ledger)
  if (milliseconds === 0) return undefined
  const unit =
    milliseconds > 2 * HOUR ? { name: 'hours', length: HOUR } : { name: 'minutes', length: HOUR / 60 }
  const phases = phasesOf(ledger)
  const picture = chart('Jobs at work over time, by phase', {
    height: 210,
    x: { label: `${unit.name} since the first job`, domain: [0, milliseconds / unit.length] },
    y: { label: 'jobs at work', grid: true },
    color: { domain: phases, range: phases.map((phase) => COLOUR[phase]) },
    marks: [
      Plot.rectY(
        bins.map((bin) => ({ ...bin, from: bin.from / unit.length, to: bin.to / unit.length })),
        Plot.stackY({ x1: 'from', x2: 'to', y: 'jobs', fill: 'phase', shapeRendering: 'crispEdges' }),
      ),
    ],
  })
  return figure(
    html`<h3>Jobs at work</h3>${key(...phases.map((phase) => [COLOUR[phase], NAMES[phase]] as const))}${picture}`,
    html`How many jobs ran at once.`,
  )
}

const HOUR = 3_600_000
