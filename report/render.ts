import { stringify } from 'yaml'
import type { ReportData } from './data.ts'
import { html, markupOf, trusted } from './html.ts'
import { renderSection, type Section } from './section.ts'
import { classesSection } from './sections/classes.ts'
import { costSection } from './sections/cost.ts'
import { fullTrainingSection } from './sections/full-training.ts'
import { leaderboardSection } from './sections/leaderboard.ts'
import { overview } from './sections/overview.ts'
import { predictionsSection } from './sections/predictions.ts'
import { proxySection } from './sections/proxy.ts'
import { searchSection } from './sections/search.ts'
import { winnerSection } from './sections/winner.ts'
import { SORT_SCRIPT } from './sortable.ts'
import { STYLE } from './style.ts'

/** The report of a run as one HTML file that needs nothing else. The same data give the same bytes. */
export function renderReport(data: ReportData): string {
  const sections = [
    winnerSection(data),
    fullTrainingSection(data),
    predictionsSection(data),
    classesSection(data),
    searchSection(data),
    proxySection(data),
    costSection(data),
    leaderboardSection(data),
    configurationSection(data),
  ].filter((section) => section !== undefined)

  return markupOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${data.record.run} · Trellis</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${overview(data)}
<nav aria-label="Sections"><ul>${sections.map(({ id }) => html`<li><a href="#${id}">${id}</a></li>`)}</ul></nav>
<main>${sections.map(renderSection)}</main>
<footer>Made by Trellis ${data.record.code}. Dataset fingerprint ${data.record.dataset.fingerprint}.</footer>
<script>${trusted(SORT_SCRIPT)}</script>
</body>
</html>
`)
}

const configurationSection = ({ record }: ReportData): Section => ({
  id: 'configuration',
  title: 'Configuration',
  body: html`<pre>${stringify(record.config)}</pre>`,
})
