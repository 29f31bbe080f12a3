import { paletteFor } from '../../nas/data/palette.ts'
import type { ReportData } from '../data.ts'
import { points } from '../format.ts'
import { html } from '../html.ts'
import type { Section } from '../section.ts'
import { columns } from '../sortable.ts'

/** IoU of every class, in the order of the dataset until the reader sorts it. */
export function classesSection({ winner, dataset }: ReportData): Section | undefined {
  if (!winner || winner.classIou.length === 0) return undefined
  const colours = paletteFor(dataset.classes)
  const rows = dataset.classes.map((name, i) => {
    const iou = winner.classIou[i]
    return html`<tr><td><i class="swatch" style="--colour:rgb(${colours[i]!.join(',')})"></i>${name}</td><td class="number" data-value="${iou ?? -1}">${points(iou)}</td><td class="track"><span class="bar" style="--share:${points(iou ?? 0)}%"></span></td></tr>`
  })
  return {
    id: 'classes',
    title: 'The winner, class by class',
    body: html`<div class="scroll"><table class="sortable classes"><thead><tr>${columns([
      ['Class', false],
      ['IoU, %', true],
    ])}<th aria-hidden="true"></th></tr></thead><tbody>${rows}</tbody></table></div>
${winner.classIou.includes(undefined) ? html`<p class="quiet">– marks a class that no validation image shows; the mean leaves it out.</p>` : undefined}`,
  }
}
