import * as Plot from '@observablehq/plot'
import { type Attempt, PHASES, type Phase, type ReportData } from '../data.ts'
import { count, duration, usd } from '../format.ts'
import { type Html, html } from '../html.ts'
import { chart, key } from '../plot.ts'
import { figure, type Section } from '../section.ts'

const NAMES: Readonly<Record<Phase, string>> = {
  pretrain: 'Pretrain backbone',
  features: 'Cache features',
  'proxy-task': 'Proxy task',
  train: 'Full training',
}
const COLOUR: Readonly<Record<Phase, string>> = {
  pretrain: 'var(--quiet)',
  features: 'var(--line)',
  'proxy-task': 'var(--accent)',
  train: 'var(--baseline)',
}

export function costSection({ attempts }: ReportData): Section | undefined {
  if (attempts.length === 0) return undefined
  return {
    id: 'cost',
    title: 'Time and money',
    body: html`${timeline(attempts)}${table(attempts)}<p class="quiet">From the ledger: every attempt of every job, interrupted and failed ones too, at the price of its machine.</p>`,
  }
}

const total = (attempts: readonly Attempt[], of: 'seconds' | 'usd') =>
  attempts.reduce((sum, attempt) => sum + attempt[of], 0)

function table(attempts: readonly Attempt[]): Html {
  const spent = total(attempts, 'usd')
  const seconds = total(attempts, 'seconds')
  const row = (name: string, some: readonly Attempt[]) => {
    const times = (outcome: Attempt['outcome']) =>
      count(some.filter((attempt) => attempt.outcome === outcome).length)
    const share = spent > 0 ? total(some, 'usd') / spent : total(some, 'seconds') / (seconds || 1)
    return html`<tr><td>${name}</td><td class="number">${count(some.length)}</td><td class="number">${times('interrupted')}</td><td class="number">${times('failed')}</td><td class="number">${times('running')}</td><td class="number">${duration(total(some, 'seconds'))}</td><td class="number">${usd(total(some, 'usd'))}</td><td class="track"><span class="bar" style="--share:${(share * 100).toFixed(1)}%"></span></td></tr>`
  }
  const heads = ['Attempts', 'Interrupted', 'Failed', 'Running', 'Machine time', 'Cost']
  return html`<div class="scroll"><table><thead><tr><th scope="col">Phase</th>${heads.map((head) => html`<th scope="col" class="number">${head}</th>`)}<th aria-hidden="true"></th></tr></thead>
<tbody>${PHASES.map((phase) => attempts.filter((attempt) => attempt.phase === phase))
    .filter((some) => some.length > 0)
    .map((some) => row(NAMES[some[0]!.phase], some))}</tbody>
<tfoot>${row('All', attempts)}</tfoot></table></div>`
}

const BINS = 256

/** Jobs at work over time: of each bin of time, the mean number of attempts that were running. */
function timeline(attempts: readonly Attempt[]): Html | undefined {
  const begin = Math.min(...attempts.map(({ startedAt }) => startedAt))
  const end = Math.max(...attempts.map(({ startedAt, seconds }) => startedAt + seconds * 1000))
  if (end <= begin) return undefined
  const width = (end - begin) / BINS
  const phases = PHASES.filter((phase) => attempts.some((attempt) => attempt.phase === phase))
  const bins = phases.flatMap((phase) => {
    const busy = new Array<number>(BINS).fill(0)
    for (const { startedAt, seconds } of attempts.filter((attempt) => attempt.phase === phase)) {
      const from = (startedAt - begin) / width
      const to = from + (seconds * 1000) / width
      for (let bin = Math.floor(from); bin < Math.min(BINS, to); bin++) {
        busy[bin]! += Math.min(to, bin + 1) - Math.max(from, bin)
      }
    }
    return busy.map((jobs, bin) => ({ phase, jobs, x1: bin * width, x2: (bin + 1) * width }))
  })
  const hours = end - begin > 7_200_000
  const picture = chart('Jobs at work over time, by phase', {
    height: 200,
    x: {
      label: hours ? 'hours' : 'minutes',
      tickFormat: (ms: number) => String(ms / (hours ? 3_600_000 : 60_000)),
    },
    y: { label: 'jobs at work', grid: true },
    color: { domain: phases, range: phases.map((phase) => COLOUR[phase]) },
    marks: [Plot.rectY(bins, Plot.stackY({ x1: 'x1', x2: 'x2', y: 'jobs', fill: 'phase' }))],
  })
  return figure(
    html`<h3>Jobs at work</h3>${key(...phases.map((phase) => [COLOUR[phase], NAMES[phase]] as const))}${picture}`,
    html`Time since the first job started.`,
  )
}
