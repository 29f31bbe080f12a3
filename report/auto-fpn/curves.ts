import * as Plot from '@observablehq/plot'
import { mean } from 'simple-statistics'
import { boxColours } from '../../nas/data/detection/draw.ts'
import type { Detected } from '../../nas/tasks/detection.ts'
import { type Html, html } from '../html.ts'
import { COLOURS, chartOfAnyWidth, inPoints, key } from '../plot.ts'
import { figure } from '../section.ts'

/** More lines cannot be told apart by their colours. */
const MOST_COLOURS = 10

interface Point {
  readonly of: string
  readonly colour: string
  readonly recall: number
  readonly precision: number
}

/** Precision against recall at IoU 0.5: the mean over classes, FPN's, and faint each class. */
export function precisionRecall(
  classes: readonly string[],
  detected: Detected,
  fpn: Detected | undefined,
): Html {
  const isColoured = classes.length <= MOST_COLOURS
  const colours = boxColours(classes.length).map((colour) =>
    isColoured ? `color-mix(in oklab,rgb(${colour.join(',')}) 75%,var(--ink))` : COLOURS.trial,
  )
  const shown = classes.flatMap((name, i) => {
    const one = detected.classes[i] ?? null
    return one === null ? [] : [{ name, colour: colours[i]!, precision: one.precision }]
  })
  const lines = shown.flatMap(({ name, colour, precision }) => pointsOf(name, colour, precision))
  const average = pointsOf('the mean', COLOURS.ink, meanOf(detected))
  const ofFpn = fpn ? pointsOf('FPN', COLOURS.quiet, meanOf(fpn)) : []
  const along = { x: 'recall', y: 'precision', z: 'of', stroke: 'colour' } as const
  const picture = chartOfAnyWidth('Precision against recall at IoU 0.5', {
    width: 500,
    height: 320,
    marginLeft: 54,
    x: { label: 'recall, %', domain: [0, 1], grid: true, tickFormat: inPoints },
    y: { label: 'precision, %', domain: [0, 1], grid: true, tickFormat: inPoints },
    marks: [
      Plot.line(lines, { ...along, strokeWidth: 1.5, strokeOpacity: isColoured ? 0.9 : 0.35 }),
      Plot.line(ofFpn, { ...along, strokeWidth: 2, strokeDasharray: '5,4' }),
      Plot.line(average, { ...along, strokeWidth: 2.5 }),
    ],
  })
  const legend = [
    [COLOURS.ink, 'mean over classes'] as const,
    ...(fpn ? [[COLOURS.quiet, 'FPN’s, dashed'] as const] : []),
    ...(isColoured ? shown.map(({ name, colour }) => [colour, name] as const) : []),
  ]
  return figure(
    html`<h3>Precision against recall</h3>${key(...legend)}${picture}`,
    html`At IoU 0.5: what share of the boxes is right where so many of the objects are found.${isColoured ? '' : ' A faint line is a class.'}`,
  )
}

const pointsOf = (of: string, colour: string, precision: readonly number[]): readonly Point[] =>
  precision.map((value, i) => ({ of, colour, recall: i / (precision.length - 1), precision: value }))

/** By recall, over the classes that validation images show. */
function meanOf({ classes }: Detected): readonly number[] {
  const curves = classes.flatMap((each) => (each === null ? [] : [each.precision]))
  return (curves[0] ?? []).map((_, i) => mean(curves.map((curve) => curve[i]!)))
}
