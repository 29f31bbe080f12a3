import type { ReportData } from '../data.ts'
import { count, counted, large, points } from '../format.ts'
import { html } from '../html.ts'
import type { Section } from '../section.ts'
import { columns } from '../sortable.ts'
import { scoredTrials } from '../statistics.ts'

const MOST_ROWS = 200

export function leaderboardSection({ trials, winner }: ReportData): Section | undefined {
  const ranked = scoredTrials(trials).toSorted((a, b) => b.score - a.score)
  if (ranked.length === 0) return undefined
  const rows = ranked
    .slice(0, MOST_ROWS)
    .map(
      ({ trial, number, cell, score, parameters, multiplyAdds }, i) =>
        html`<tr class="${trial === winner?.proxyTrial ? 'winner' : 'candidate'}"><td class="number" data-value="${-i}">${i + 1}</td><td class="number" data-value="${score}">${points(score)}</td><td>${cell}</td><td class="number" data-value="${parameters ?? -1}">${large(parameters)}</td><td class="number" data-value="${multiplyAdds ?? -1}">${large(multiplyAdds)}</td><td class="number" data-value="${number}">${count(number)}</td></tr>`,
    )
  return {
    id: 'leaderboard',
    title: 'Leaderboard of the proxy task',
    body: html`<div class="scroll tall"><table class="sortable"><thead><tr>${columns([
      ['Place', true],
      ['Proxy mIoU, %', true],
      ['Cell', false],
      ['Parameters', true],
      ['Multiply-adds', true],
      ['Trial', true],
    ])}</tr></thead><tbody>${rows}</tbody></table></div>
${ranked.length > MOST_ROWS ? html`<p class="quiet">The best ${count(MOST_ROWS)} of ${counted(ranked.length, 'scored trial')}; leaderboard.json of the run has all of them.</p>` : undefined}`,
  }
}
