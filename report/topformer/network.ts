import { topformerDiagram } from '../../nas/spaces/topformer/diagram.ts'
import { html, trusted } from '../html.ts'
import { figure, type Section } from '../section.ts'
import { swatches } from '../swatches.ts'
import type { TopformerReportData } from './data.ts'

export function networkSection({ comparison, front }: TopformerReportData): Section | undefined {
  const genotype = comparison?.winner.genotype ?? front.points.at(-1)?.genotype
  if (genotype === undefined) return undefined
  const which = comparison ? 'The network found' : 'The best network so far'
  return {
    id: 'network',
    title: which,
    body: figure(
      html`<div class="cell">${trusted(topformerDiagram(genotype))}</div>`,
      html`Convolutions, the higher the wider, give a pyramid of tokens; the transformer reads those of all scales at once.`,
    ),
  }
}

export function predictionsSection({ predictions, record }: TopformerReportData): Section | undefined {
  if (predictions.length === 0) return undefined
  const { classes } = record.dataset
  const swatch = swatches(classes)
  return {
    id: 'predictions',
    title: 'What the network sees',
    body: html`<ul class="key">${classes.map((name, i) => html`<li>${swatch[i]}${name}</li>`)}</ul>
<div class="captions" aria-hidden="true"><span>image</span><span>truth</span><span>prediction</span></div>
${predictions.map(
  (png, i) =>
    html`<div class="strip"><img alt="Validation image ${i + 1}, its true classes and the network’s prediction, side by side" src="data:image/png;base64,${Buffer.from(png).toString('base64')}"></div>`,
)}`,
  }
}
