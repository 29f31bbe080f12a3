import { boxColours } from '../../nas/data/detection/draw.ts'
import type { Detected } from '../../nas/tasks/detection.ts'
import { barCell, gainCell, shareCell } from '../against.ts'
import { type Html, html } from '../html.ts'
import { figure, type Section } from '../section.ts'
import { columns } from '../sortable.ts'
import { swatchesOf } from '../swatches.ts'
import { precisionRecall } from './curves.ts'
import type { AutoFpnReportData } from './data.ts'

/** AP of every class and of objects of every size, beside FPN's where that is known. */
export function accuracySection({ winner, record }: AutoFpnReportData): Section | undefined {
  if (!winner) return undefined
  const { detected, fpn } = winner
  const { classes } = record.dataset
  const unseen = detected.classes.includes(null)
    ? ' A class that no validation image shows has no AP, and the mean leaves it out.'
    : ''
  return {
    id: 'accuracy',
    title: 'How well it detects',
    body: html`${byClass(classes, detected, fpn)}
<p class="quiet">For the best seed, on the validation images. ${fpn ? 'The mark in a bar is the AP of FPN. ' : ''}${unseen}</p>
<div class="columns">${precisionRecall(classes, detected, fpn)}${bySize(detected, fpn)}</div>`,
  }
}

function byClass(classes: readonly string[], detected: Detected, fpn: Detected | undefined): Html {
  const swatch = swatchesOf(boxColours(classes.length))
  const rows = classes.map((name, i) => {
    const [own, other] = [detected.classes[i] ?? null, fpn?.classes[i] ?? null]
    return html`<tr><td class="nowrap">${swatch[i]}${name}</td>${shareCell(own?.ap50 ?? null)}${cells(own?.ap ?? null, fpn && (other?.ap ?? null))}</tr>`
  })
  return html`<div class="scroll tall"><table class="sortable"><thead><tr>${columns([
    ['Class', 'text'],
    ['AP50, %', 'number'],
    ...heads(fpn),
  ])}<td></td></tr></thead><tbody>${rows}</tbody></table></div>`
}

const SIZES = [
  ['small', 'Small'],
  ['medium', 'Medium'],
  ['large', 'Large'],
] as const

function bySize({ bySize: own }: Detected, fpn: Detected | undefined): Html {
  const rows = SIZES.map(
    ([size, name]) => html`<tr><td>${name}</td>${cells(own[size], fpn?.bySize[size])}</tr>`,
  )
  const table = html`<div class="scroll"><table><thead><tr><th scope="col">Objects</th>${heads(fpn).map(([name, kind]) => html`<th scope="col" class="${kind}">${name}</th>`)}<td></td></tr></thead><tbody>${rows}</tbody></table></div>`
  return figure(
    html`<h3>AP by size</h3>${table}`,
    html`Small objects cover less than 32² pixels of the image as it came, large ones more than 96².`,
  )
}

const heads = (fpn: Detected | undefined) =>
  [['AP, %', 'number'], ...(fpn ? [['Against FPN', 'number'] as const] : [])] as const

/** @param fpn undefined where there is no FPN, null where it has no AP */
const cells = (ap: number | null, fpn: number | null | undefined): Html =>
  html`${shareCell(ap)}${fpn === undefined ? undefined : gainCell(ap, fpn)}${barCell(ap, fpn ?? null)}`
