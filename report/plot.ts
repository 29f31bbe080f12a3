import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { type Html, html, trusted } from './html.ts'

/** Colours of marks, by what they stand for; style.ts gives them their light and dark values. */
export const COLOURS = {
  ink: 'var(--ink)',
  quiet: 'var(--quiet)',
  line: 'var(--line)',
  paper: 'var(--paper)',
  trial: 'var(--dot)',
  winner: 'var(--accent)',
  baseline: 'var(--baseline)',
  failed: 'var(--bad)',
} as const

/** Ticks of an axis of shares, in points, as the papers print mIoU and accuracy. */
export const inPoints = (share: number): string => String(Number((share * 100).toFixed(2)))

/** A chart as SVG that needs no script; `label` says to people who cannot see it what it shows. */
export function chart(label: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html></html>')
  const drawn = Plot.plot({
    document,
    width: 1024,
    height: 320,
    marginTop: 30,
    marginBottom: 42,
    marginLeft: 48,
    ariaLabel: label,
    style: { fontSize: '12px', background: 'none' },
    ...options,
  })
  drawn.setAttribute('role', 'img')
  return trusted(drawn.outerHTML)
}

/** What the colours of a chart stand for. */
export const key = (...entries: readonly (readonly [colour: string, meaning: string])[]): Html =>
  html`<ul class="key">${entries.map(([colour, meaning]) => html`<li><i style="--colour:${colour}"></i>${meaning}</li>`)}</ul>`
