import * as Plot from '@observablehq/plot'
import { counted, percent } from '../format.ts'
import { type Html, html } from '../html.ts'
import { chartOfAnyWidth, inPoints, key } from '../plot.ts'
import { figure } from '../section.ts'
import { type Candidate, type CandidateKind, KIND_COLOURS } from './ranking.ts'
import { type ComparisonWords, capitalised } from './words.ts'

/** Candidates of the search shown beside the baselines; the table has all. */
const MOST_FOUND = 10
/** Pixels of a letter of a name. */
const LETTER = 6.5

type Seed = { readonly candidate: Candidate; readonly score: number }

/** A row a candidate: a dot a seed, a bar the mean. Undefined where no training succeeded. */
export function comparisonChart(ranked: readonly Candidate[], words: ComparisonWords): Html | undefined {
  const trained = ranked.filter(({ seeds }) => seeds.length > 0)
  const found = trained.filter(({ kind }) => kind !== 'baseline').slice(0, MOST_FOUND)
  const shown = trained.filter((each) => each.kind === 'baseline' || found.includes(each))
  if (shown.length === 0) return undefined
  const seeds = shown.flatMap((candidate) => candidate.seeds.map((score): Seed => ({ candidate, score })))
  const colourOf = ({ kind }: Candidate) => KIND_COLOURS[kind]
  const picture = chartOfAnyWidth(capitalised(`${words.score} by ${words.noun} and seed`), {
    height: 80 + 28 * shown.length,
    marginLeft: 16 + LETTER * Math.max(...shown.map(({ name }) => name.length)),
    x: { label: `${words.score}, %`, grid: true, nice: true, tickFormat: inPoints },
    y: { domain: shown.map(({ name }) => name), label: null, tickSize: 0 },
    marks: [
      Plot.dot(seeds, {
        x: 'score',
        y: ({ candidate }: Seed) => candidate.name,
        r: 4,
        fill: ({ candidate }: Seed) => colourOf(candidate),
        fillOpacity: 0.7,
        title: ({ candidate, score }: Seed) => `${candidate.name}: ${percent(score)}`,
      }),
      Plot.tickX(shown, { x: 'score', y: 'name', stroke: colourOf, strokeWidth: 2, inset: 1 }),
      ...onTestImages(shown),
    ],
  })
  const hidden = ranked.length - shown.length
  return figure(
    html`${legend(shown, words)}${picture}`,
    html`A dot is a seed, a bar the mean over seeds.${shown.some(({ test }) => test) ? ' Below them a diamond: the mean on the test images, on a line that is its 95 % interval.' : ''}${hidden > 0 ? ` ${counted(hidden, words.noun)} only in the table.` : ''}`,
  )
}

/** Below the seeds, a diamond on the line of its interval; nothing for a candidate without test images. */
function onTestImages(shown: readonly Candidate[]): readonly Plot.Markish[] {
  const tested = shown.flatMap(({ name, kind, test }) =>
    test === undefined ? [] : [{ name, colour: KIND_COLOURS[kind], ...test }],
  )
  if (tested.length === 0) return []
  const below = { y: 'name', dy: 10, stroke: 'colour' } as const
  return [
    Plot.ruleY(tested, { ...below, x1: 'low', x2: 'high' }),
    Plot.dot(tested, { ...below, x: 'score', r: 3, symbol: 'diamond', fill: 'colour' }),
  ]
}

/** Of the kinds that are shown. */
export function legend(shown: readonly Candidate[], { winner, noun }: ComparisonWords): Html {
  const meanings: Readonly<Record<CandidateKind, string>> = {
    winner,
    found: `other searched ${noun}s`,
    baseline: 'baselines',
  }
  const kinds = (Object.keys(meanings) as CandidateKind[]).filter((kind) =>
    shown.some((each) => each.kind === kind),
  )
  return key(...kinds.map((kind) => [KIND_COLOURS[kind], meanings[kind]] as const))
}
