import { barCell, gainCell, shareCell } from '../against.ts'
import { counted } from '../format.ts'
import { html } from '../html.ts'
import type { Section } from '../section.ts'
import { columns } from '../sortable.ts'
import { swatches } from '../swatches.ts'
import type { DpcReportData } from './data.ts'

/** IoU of every class, beside that of atrous spatial pyramid pooling where both are known. */
export function classesSection({ winner, rerank, record }: DpcReportData): Section | undefined {
  if (!winner || winner.iou.length === 0) return undefined
  const { iou, asppIou } = winner
  const { classes, validation } = rerank?.dataset ?? record.dataset
  const swatch = swatches(classes)
  return {
    id: 'classes',
    title: 'The winner, class by class',
    body: html`<div class="scroll"><table class="sortable"><thead><tr>${columns([
      ['Class', 'text'],
      ['IoU, %', 'number'],
      ...(asppIou ? [['Against ASPP', 'number'] as const] : []),
    ])}<td></td></tr></thead><tbody>${classes.map(
      (name, i) =>
        html`<tr><td class="nowrap">${swatch[i]}${name}</td>${shareCell(iou[i] ?? null)}${asppIou && gainCell(iou[i] ?? null, asppIou[i] ?? null)}${barCell(iou[i] ?? null, asppIou?.[i] ?? null)}</tr>`,
    )}</tbody></table></div>
<p class="quiet">On ${counted(validation, 'validation image')}. ${asppIou ? 'Both for their best seed; the mark in a bar is ASPP. ' : ''}${iou.includes(null) ? 'A class that the validation images neither show nor were predicted to show has no IoU, and the mean leaves it out.' : ''}</p>`,
  }
}
