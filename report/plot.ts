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

/** The width of a page on a phone, in pixels. */
const NARROW = 344

/** A chart that fits a phone, too: it is drawn at two widths, and the style of the page shows one of them. */
export const chartOfAnyWidth = (label: string, options: Plot.PlotOptions): Html =>
  html`<div class="wide">${chart(label, options)}</div><div class="narrow">${chart(label, { ...options, width: NARROW })}</div>`

/** Lines through values, one for each `z`; of a few values they are dotted, so that one alone is seen. */
export const series = (values: readonly object[], options: Plot.LineYOptions): Plot.Markish =>
  Plot.lineY(values, { ...options, strokeWidth: 2, marker: values.length <= FEW ? 'dot' : 'none' })

const FEW = 4

/** A path holds neighbouring dots, so that few paths overlap the part of a page that a browser paints at a time. */
const DOTS_A_PATH = 500

interface Cloud<T> {
  readonly x: keyof T & string
  readonly y: keyof T & string
  readonly r: number
  readonly fill: string
}

/**
 * Thousands of dots in the order of x, drawn as one path for every few hundred: a browser takes a second to draw an
 * element for each. A dot is a line of length 0 with round ends.
 */
export const cloud = <T>(dots: readonly T[], { r, fill, ...place }: Cloud<T>): Plot.Markish =>
  Plot.line(dots, {
    ...place,
    z: (_, i) => Math.floor(i / DOTS_A_PATH),
    curve: dotted,
    stroke: fill,
    strokeWidth: 2 * r,
  })

interface Context {
  moveTo(x: number, y: number): void
  closePath(): void
}

/** A curve of d3 that draws only the points of a line. */
const dotted = (context: Context) => ({
  lineStart() {},
  point(x: number, y: number) {
    context.moveTo(x, y)
    context.closePath()
  },
  lineEnd() {},
})

/** What the colours of a chart stand for. */
export const key = (...entries: readonly (readonly [colour: string, meaning: string])[]): Html =>
  html`<ul class="key">${entries.map(([colour, meaning]) => html`<li><i style="--colour:${colour}"></i>${meaning}</li>`)}</ul>`
