import * as Plot from '@observablehq/plot'
import { type Correlation, FEWEST_PAIRS, type ScoreAgreement } from '../../nas/runs/score-agreement.ts'
import { counted, percent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { chartOfAnyWidth, inPoints } from '../plot.ts'
import { facts, figure } from '../section.ts'
import { legend } from './chart.ts'
import { type Candidate, type ComparedAs, KIND_COLOURS } from './ranking.ts'
import type { ComparisonWords } from './words.ts'

/** How a report speaks of a score that is cheap to get, and of that of full training. */
interface Agreement<C extends ComparedAs> {
  readonly cheap: {
    readonly name: string
    /** Null for a candidate without one. */
    readonly of: (candidate: Candidate<C>) => number | null
  }
  readonly full: string
  readonly words: ComparisonWords
  /** A candidate in words. */
  readonly structure: (candidate: Candidate<C>) => string
  readonly over: string
}

/** Whether a cheap score predicts full training: a scatter, and rank correlations. @param more what else there is to say */
export const agreementBody = <C extends ComparedAs>(
  candidates: readonly Candidate<C>[],
  { pairs, spearman, kendall }: ScoreAgreement,
  { over, ...agreement }: Agreement<C>,
  more: Html | undefined,
): Html => {
  const { noun } = agreement.words
  return html`<div class="columns">
${scatter(candidates, agreement)}
<div><h3>Rank correlation over ${counted(pairs, noun)}</h3>${facts([
    ['Spearman’s ρ', inWords(spearman, pairs, noun)],
    ['Kendall’s τ-b', inWords(kendall, pairs, noun)],
  ])}
<p class="quiet">In brackets: 95 % bootstrap intervals. ${over}</p>
${more}</div>
</div>`
}

const inWords = (correlation: Correlation, pairs: number, noun: string): string =>
  correlation === null
    ? pairs < FEWEST_PAIRS
      ? `not told below ${FEWEST_PAIRS} ${noun}s`
      : 'no order to compare'
    : `${signed(correlation.value)} [${signed(correlation.low)}, ${signed(correlation.high)}]`

const signed = (x: number) => x.toFixed(2).replace('-', '−')

function scatter<C extends ComparedAs>(
  candidates: readonly Candidate<C>[],
  { cheap, full, words, structure }: Omit<Agreement<C>, 'over'>,
): Html {
  type Dot = Candidate<C>
  const both = candidates.filter((each) => each.score !== null && cheap.of(each) !== null)
  const colourOf = ({ kind }: Dot) => KIND_COLOURS[kind]
  const axis = { nice: true, ticks: 5, tickFormat: inPoints }
  const picture = chartOfAnyWidth(
    `Full score against ${cheap.name} score of ${counted(both.length, words.noun)}`,
    {
      width: 500,
      height: 400,
      x: { ...axis, label: `${cheap.name} mIoU, %`, insetRight: 12, insetLeft: 12 },
      y: { ...axis, label: `${full} mIoU, %`, grid: true },
      marks: [
        Plot.ruleX(both, {
          x: cheap.of,
          y1: ({ seeds }: Dot) => Math.min(...seeds),
          y2: ({ seeds }: Dot) => Math.max(...seeds),
          stroke: colourOf,
          strokeOpacity: 0.5,
        }),
        Plot.dot(both, {
          x: cheap.of,
          y: 'score',
          r: 4.5,
          fill: colourOf,
          title: (dot: Dot) =>
            `${dot.name}: ${cheap.name} ${percent(cheap.of(dot))}, ${full} ${percent(dot.score)}\n${structure(dot)}`,
        }),
      ],
    },
  )
  return figure(
    html`${legend(both, words)}${picture}`,
    html`A dot is a ${words.noun} at its mean over seeds, with a line from its lowest to its highest seed.`,
  )
}
