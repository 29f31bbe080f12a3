import { fittest } from '../../nas/pipelines/auto-fpn/evolution.ts'
import { isScored } from '../../nas/runs/rounds.ts'
import { counted, duration, percent } from '../format.ts'
import { html } from '../html.ts'
import type { Section } from '../section.ts'
import { trialsChart } from '../trials-chart.ts'
import type { AutoFpnReportData } from './data.ts'
import { linksInWords } from './links.ts'
import { searchTimes } from './statistics.ts'

/** How the detectors of the evolutionary baseline came out, and what that took beside the searches. */
export function evolutionSection({ evolution, record, ledger }: AutoFpnReportData): Section | undefined {
  const settings = record.config.baselines.evolution
  if (settings === undefined || evolution.length === 0) return undefined
  const numbered = evolution.map((each, number) => ({ ...each, number }))
  const scored = numbered.filter(isScored)
  const failed = numbered.filter((each) => !isScored(each))
  const best = fittest(evolution)
  const { evolved, searched } = searchTimes(ledger)
  const came =
    best === undefined
      ? 'None could be trained.'
      : `The best reached ${percent(best.score)} AP then, and is what evolution has found.`
  return {
    id: 'evolution',
    title: 'Evolution',
    body: html`<p>${counted(evolution.length, 'detector')} of the same space, each trained for ${counted(settings.steps, 'step')} and scored on the validation images: drawn at random until ${settings.population} could be trained, from then on each a child, with one operator changed, of the best of ${settings.tournament} that are drawn from the youngest ${settings.population} (Real et al. 2019; section 4.3 of the paper). ${came} It took ${duration(evolved)} of machine time, the searches by gradient${record.config.baselines.snas ? ', SNAS’s among them,' : ''} ${duration(searched)}.</p>
${trialsChart(
  { scored, failed },
  {
    label: `AP of ${counted(evolution.length, 'detector')} in the order of proposal`,
    axis: 'AP, %',
    title: ({ number, score, genotype }) =>
      `Trial ${number}: ${percent(score)}\nlinks ${linksInWords(genotype)}`,
    isWinner: ({ trial }) => trial === best?.trial,
    reading: 'Detectors in the order in which they were proposed, after their early stop.',
  },
)}`,
  }
}
