import type { Ranked } from '../../nas/pipelines/dpc/leaderboard.ts'
import { onlyClassInWords } from '../comparison/only-class.ts'
import { count, counted, large, points } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Section } from '../section.ts'
import { columns } from '../sortable.ts'
import { CELL_NOTATION, cellInColour } from './cell.ts'
import type { DpcReportData } from './data.ts'
import { scored } from './statistics.ts'

const MOST_ROWS = 200

const onlyClassMark = (onlyClass: number | undefined, classes: readonly string[]): Html | undefined => {
  const words = onlyClassInWords(onlyClass, classes)
  return words === undefined ? undefined : html` <span class="bad">${words}</span>`
}

export function leaderboardSection({ tried, winner, record }: DpcReportData): Section | undefined {
  const ranked = scored(tried).toSorted((a, b) => b.score - a.score)
  if (ranked.length === 0) return undefined
  const { classes } = record.dataset
  const row = ({ trial, number, genotype, score, onlyClass, parameters, multiplyAdds }: Ranked, i: number) =>
    html`<tr class="${trial === winner?.proxy.trial ? 'winner' : 'found'}"><td class="number" data-value="${-i}">${i + 1}</td>
<td class="number" data-value="${score}">${points(score)}</td>
<td class="branches">${cellInColour(genotype)}${onlyClassMark(onlyClass, classes)}</td>
<td class="number" data-value="${parameters}">${large(parameters)}</td>
<td class="number" data-value="${multiplyAdds}">${large(multiplyAdds)}</td>
<td class="number" data-value="${number}">${count(number)}</td></tr>`
  const cut = ranked.length > MOST_ROWS
  return {
    id: 'leaderboard',
    title: 'Leaderboard of the proxy task',
    body: html`<p>${cut ? `The best ${count(MOST_ROWS)} of ${counted(ranked.length, 'scored trial')}; the run’s leaderboard.json has all of them.` : `All ${counted(ranked.length, 'scored trial')}.`}</p>
<div class="scroll tall"><table class="sortable"><thead><tr>${columns([
      ['Place', 'number'],
      ['Proxy mIoU, %', 'number'],
      ['Cell', 'text'],
      ['Parameters', 'number'],
      ['Multiply-adds', 'number'],
      ['Trial', 'number'],
    ])}</tr></thead><tbody>${ranked.slice(0, MOST_ROWS).map(row)}</tbody></table></div>
<p class="quiet">Parameters and multiply-adds are those of the cell and its classifier. ${CELL_NOTATION}</p>`,
  }
}
