import { stringify } from 'yaml'
import type { RunRecord } from '../nas/runs/record.ts'
import { type Html, html, markupOf, trusted } from './html.ts'
import { reproduceSection } from './reproduce.ts'
import { renderSection, type Section } from './section.ts'
import { SORT_SCRIPT } from './sortable.ts'
import { STYLE } from './style.ts'

/**
 * The report of a run as one HTML file that needs nothing else, with how to reproduce it at the end. The same data give
 * the same bytes.
 *
 * @param style of what only the reports of its pipeline have
 */
export function renderPage(
  record: RunRecord,
  header: Html,
  chapters: readonly (Section | undefined)[],
  style = '',
): string {
  const sections = [...chapters, reproduceSection(record), configurationSection(record)].filter(
    (section) => section !== undefined,
  )
  return markupOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${record.run} · Trellis</title>
<style>${trusted(STYLE)}${trusted(style)}</style>
</head>
<body>
${header}
<nav aria-label="Sections"><ul>${sections.map(({ id }) => html`<li><a href="#${id}">${id}</a></li>`)}</ul></nav>
<main>${sections.map(renderSection)}</main>
<footer>Made by Trellis ${record.code}. Dataset fingerprint ${record.dataset.fingerprint}.</footer>
<script>${trusted(SORT_SCRIPT)}</script>
</body>
</html>
`)
}

const configurationSection = ({ config }: RunRecord): Section => ({
  id: 'configuration',
  title: 'Configuration',
  body: html`<pre>${stringify(config)}</pre>`,
})
