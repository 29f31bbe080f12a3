import { html } from '../html.ts'
import type { Section } from '../section.ts'
import { comparisonChart } from './chart.ts'
import { onTest } from './on-test.ts'
import type { ComparedAs, Ranking } from './ranking.ts'
import { type Columns, comparisonTable } from './table.ts'
import { type ComparisonWords, capitalised } from './words.ts'

/** What a pipeline tells of its comparison beside the ranking. */
export interface ComparisonChapter<C extends ComparedAs> extends Pick<Columns<C>, 'figures' | 'structure'> {
  readonly title: string
  /** How candidates and baselines were trained. */
  readonly training: string
  /** How to read the columns that the pipeline adds, and what the baselines are. */
  readonly reading: string
  readonly words: ComparisonWords
}

export function comparisonSection<C extends ComparedAs>(
  { candidates, winner, leads }: Ranking<C>,
  { title, training, reading, words, figures, structure }: ComparisonChapter<C>,
): Section {
  const score = capitalised(`${words.score}, %`)
  const spread = candidates.some(({ seeds }) => seeds.length > 1)
    ? 'After ±: the standard deviation over seeds. '
    : ''
  const tested = candidates.some(({ test }) => test !== undefined)
    ? 'On test images: the mean over seeds, with its 95 % interval over resamples of the images; all other scores are on validation images. '
    : ''
  return {
    id: 'comparison',
    title,
    body: html`<p>${training} ${onTest(winner ?? {}, leads, words.score)}</p>
${comparisonChart(candidates, words)}${comparisonTable(candidates, { score, figures, structure })}<p class="quiet">${tested}${spread}${reading}</p>`,
  }
}
