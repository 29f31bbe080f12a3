import { paletteFor } from '../../nas/data/palette.ts'
import type { ReportData } from '../data.ts'
import { html } from '../html.ts'
import type { Section } from '../section.ts'

const MOST_PICTURES = 6

export function predictionsSection({ winner, dataset }: ReportData): Section | undefined {
  if (!winner || winner.predictions.length === 0) return undefined
  const colours = paletteFor(dataset.classes)
  const pictures = winner.predictions
    .slice(0, MOST_PICTURES)
    .map(
      (png, i) =>
        html`<div class="strip"><img alt="Validation image ${i + 1}, its true classes and the winner’s prediction, side by side" src="data:image/png;base64,${Buffer.from(png).toString('base64')}"></div>`,
    )
  return {
    id: 'predictions',
    title: 'What the winner sees',
    body: html`<ul class="key classes">${dataset.classes.map(
      (name, i) =>
        html`<li><i class="swatch" style="--colour:rgb(${colours[i]!.join(',')})"></i>${name}</li>`,
    )}</ul>
<div class="captions" aria-hidden="true"><span>image</span><span>truth</span><span>prediction</span></div>
${pictures}`,
  }
}
