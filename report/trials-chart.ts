import * as Plot from '@observablehq/plot'
import { count } from './format.ts'
import { type Html, html } from './html.ts'
import { COLOURS, chartOfAnyWidth, cloud, inPoints, key } from './plot.ts'
import { figure } from './section.ts'
import { thin } from './thin.ts'

/** As many dots as a reader can tell apart at the width of the page. */
const GRID = { columns: 256, rows: 72 }
/** Above this, the text that appears on pointing at a dot would outweigh the rest of the page. */
const MOST_TITLES = 1000

/** By its place in the order of proposals, from 0. */
interface Numbered {
  readonly number: number
}

interface Scored extends Numbered {
  readonly score: number
}

/** Trials of a search from outside. */
interface Trials<S extends Scored> {
  readonly scored: readonly S[]
  readonly failed: readonly Numbered[]
}

interface TrialsChart<S extends Scored> {
  /** For people who cannot see it. */
  readonly label: string
  /** The axis of the scores. */
  readonly axis: string
  readonly title: (trial: S) => string
  /** Gets a ring. */
  readonly isWinner: (trial: S) => boolean
  readonly reading: string
}

/** Scores in the order of proposals: a dot a trial, a line for the best so far, a cross for each failure. */
export function trialsChart<S extends Scored>(
  { scored, failed }: Trials<S>,
  { label, axis, title, isWinner, reading }: TrialsChart<S>,
): Html {
  const total = scored.length + failed.length
  const dots = thin(
    scored,
    ({ number }) => number,
    ({ score }) => score,
    GRID,
  )
  const crosses = thin(
    failed,
    ({ number }) => number,
    () => 0,
    { ...GRID, rows: 1 },
  )
  const best = bestSoFar(scored)
  const last = best.at(-1)
  const winners = scored.filter(isWinner)
  const place = { x: 'number', y: 'score', fill: COLOURS.trial } as const
  const picture = chartOfAnyWidth(label, {
    x: { domain: [0, total], label: 'trial', tickFormat: wholeTicks, insetLeft: 6, insetRight: 6 },
    y: { label: axis, grid: true, nice: true, tickFormat: inPoints, insetBottom: 10 },
    marks: [
      dots.length <= MOST_TITLES
        ? Plot.dot(dots, { ...place, r: 2.5, title })
        : cloud(dots, { ...place, r: 1.5 }),
      Plot.line(last ? [...best, { ...last, number: total }] : [], {
        x: 'number',
        y: 'score',
        curve: 'step-after',
        stroke: COLOURS.winner,
        strokeWidth: 2,
      }),
      Plot.dot(winners, { x: 'number', y: 'score', r: 6, stroke: COLOURS.winner, strokeWidth: 2 }),
      Plot.dot(crosses, {
        x: 'number',
        frameAnchor: 'bottom',
        symbol: 'times',
        r: 3,
        stroke: COLOURS.failed,
      }),
    ],
  })
  const legend = key(
    [COLOURS.trial, 'a trial'],
    [COLOURS.winner, winners.length > 0 ? 'best so far; the ring is the winner' : 'best so far'],
    ...(crosses.length > 0 ? [[COLOURS.failed, 'failed'] as const] : []),
  )
  const hidden = scored.length - dots.length
  return figure(
    html`<h3>Score against trial</h3>${legend}${picture}`,
    html`${reading}${hidden > 0 ? ` Where trials lie on top of each other one is drawn: ${count(dots.length)} of ${count(scored.length)}.` : ''}`,
  )
}

export const wholeTicks = (n: number): string => (Number.isInteger(n) ? count(n) : '')

/** Trials that scored higher than all trials before them. */
function bestSoFar<S extends Scored>(scored: readonly S[]): readonly S[] {
  let best = -1
  return scored.filter(({ score }) => {
    const better = score > best
    best = Math.max(best, score)
    return better
  })
}
