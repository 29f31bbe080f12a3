import { html } from '../html.ts'
import type { Section } from '../section.ts'
import { swatches } from '../swatches.ts'
import type { DpcReportData } from './data.ts'

export function predictionsSection({ winner, rerank, record }: DpcReportData): Section | undefined {
  if (!winner || winner.predictions.length === 0) return undefined
  const { classes } = rerank?.dataset ?? record.dataset
  const swatch = swatches(classes)
  return {
    id: 'predictions',
    title: 'What the winner sees',
    body: html`<ul class="key">${classes.map((name, i) => html`<li>${swatch[i]}${name}</li>`)}</ul>
<div class="captions" aria-hidden="true"><span>image</span><span>truth</span><span>prediction</span></div>
${winner.predictions.map(
  (png, i) =>
    html`<div class="strip"><img alt="Validation image ${i + 1}, its true classes and the winner’s prediction, side by side" src="data:image/png;base64,${Buffer.from(png).toString('base64')}"></div>`,
)}`,
  }
}
