import { boxColours, LEAST_DRAWN } from '../../nas/data/detection/draw.ts'
import { html } from '../html.ts'
import type { Section } from '../section.ts'
import { swatchesOf } from '../swatches.ts'
import type { AutoFpnReportData } from './data.ts'

export function predictionsSection({ winner, record }: AutoFpnReportData): Section | undefined {
  if (!winner || winner.pictures.length === 0) return undefined
  const { classes } = record.dataset
  const swatch = swatchesOf(boxColours(classes.length))
  return {
    id: 'predictions',
    title: 'What the detector sees',
    body: html`<ul class="key">${classes.map((name, i) => html`<li>${swatch[i]}${name}</li>`)}<li><i class="truth"></i>truth</li></ul>
<div class="pictures">${winner.pictures.map(
      (png, i) =>
        html`<img alt="Validation image ${i + 1} with its true boxes and those that the detector found" src="data:image/png;base64,${Buffer.from(png).toString('base64')}">`,
    )}</div>
<p class="quiet">Of its best seed: boxes from a score of ${100 * LEAST_DRAWN} % on, with their scores.</p>`,
  }
}
