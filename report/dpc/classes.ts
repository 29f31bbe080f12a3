import { difference, points } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Section } from '../section.ts'
import { columns } from '../sortable.ts'
import type { DpcReportData } from './data.ts'
import { swatches } from './palette.ts'

/** IoU of every class, beside that of atrous spatial pyramid pooling where both are known. */
export function classesSection({ winner, rerank, record }: DpcReportData): Section | undefined {
  if (!winner || winner.iou.length === 0) return undefined
  const { iou, asppIou } = winner
  const { classes } = rerank?.dataset ?? record.dataset
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
        html`<tr><td>${swatch[i]}${name}</td><td class="number" data-value="${iou[i] ?? -1}">${points(iou[i] ?? null)}</td>${asppIou && gain(iou[i] ?? null, asppIou[i] ?? null)}<td class="track">${bar(iou[i] ?? null, asppIou?.[i] ?? null)}</td></tr>`,
    )}</tbody></table></div>
<p class="quiet">${asppIou ? 'Both for their best seed; the mark in a bar is ASPP. ' : ''}${iou.includes(null) ? 'A class that the validation images neither show nor were predicted to show has no IoU, and the mean leaves it out.' : ''}</p>`,
  }
}

const gain = (iou: number | null, aspp: number | null): Html =>
  iou === null || aspp === null
    ? html`<td class="number" data-value="-2">–</td>`
    : html`<td class="number" data-value="${iou - aspp}">${difference(iou - aspp)}</td>`

/** Nothing for a class without IoU. */
const bar = (share: number | null, mark: number | null): Html | undefined =>
  share === null
    ? undefined
    : html`<div class="rail"><span class="bar" style="--share:${points(share)}%"></span>${mark === null ? undefined : html`<span class="mark" style="--share:${points(mark)}%"></span>`}</div>`
