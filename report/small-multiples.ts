import * as Plot from '@observablehq/plot'
import type { Html } from './html.ts'
import { COLOURS, chart } from './plot.ts'

/** A choice over time: bands that add up to 1. */
export interface Panel {
  readonly column: number
  readonly row: number
  readonly title: string
  readonly emphasis: boolean
  readonly bands: readonly {
    readonly name: string
    readonly colour: string
    readonly opacity: number
    /** A probability for each moment. */
    readonly values: readonly number[]
  }[]
}

const PANEL_HEIGHT = 78
/** A thinner band has no room for its name. */
const NAMED = 0.2

/** When bands have their values, and what that is counted in. */
export interface Moments {
  readonly unit: 'epoch' | 'step'
  readonly at: readonly number[]
}

/** Panels in a grid, all over the same time. */
export function smallMultiples(label: string, { unit, at }: Moments, panels: readonly Panel[]): Html {
  const rows = 1 + Math.max(...panels.map(({ row }) => row))
  const points = panels.flatMap(({ column, row, bands }) =>
    bands.flatMap(({ colour, opacity, values }, band) =>
      values.map((value, t) => ({ column, row, band, colour, opacity, time: at[t]!, value })),
    ),
  )
  const names = panels.flatMap(({ column, row, bands }) => {
    let below = 0
    return bands.flatMap(({ name, values }) => {
      const value = values.at(-1)!
      below += value
      return value >= NAMED ? [{ column, row, name, middle: below - value / 2 }] : []
    })
  })
  return chart(label, {
    height: 40 + rows * PANEL_HEIGHT,
    marginLeft: 8,
    marginRight: 16,
    marginTop: 22,
    marginBottom: 34,
    x: { label: unit, ticks: 2, tickFormat: (n: number) => (Number.isInteger(n) ? String(n) : '') },
    y: { axis: null, domain: [0, 1] },
    fx: { axis: null, padding: 0.12 },
    fy: { axis: null, padding: 0.3 },
    marks: [
      Plot.areaY(points, {
        ...{ x: 'time', y: 'value', fx: 'column', fy: 'row', z: 'band' },
        ...{ fill: 'colour', fillOpacity: 'opacity', stroke: COLOURS.paper, strokeWidth: 0.5 },
      }),
      titles(panels, false),
      titles(panels, true),
      Plot.text(names, {
        ...{ fx: 'column', fy: 'row', x: at.at(-1)!, y: 'middle', text: 'name' },
        ...{
          textAnchor: 'end',
          dx: -5,
          fontSize: 10,
          fill: COLOURS.ink,
          stroke: COLOURS.paper,
          strokeWidth: 3,
        },
      }),
    ],
  })
}

const titles = (panels: readonly Panel[], emphasis: boolean) =>
  Plot.text(
    panels.filter((panel) => panel.emphasis === emphasis),
    {
      ...{ fx: 'column', fy: 'row', text: 'title', frameAnchor: 'top-left', dy: -14 },
      ...(emphasis ? { fontWeight: 'bold', fill: COLOURS.ink } : { fill: COLOURS.quiet }),
    },
  )
