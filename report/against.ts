import { difference, points } from './format.ts'
import { type Html, html } from './html.ts'

/* Cells of a table that sets a share beside that of a baseline. */

/** A share in points. */
export const shareCell = (share: number | null): Html =>
  html`<td class="number" data-value="${share ?? -1}">${points(share)}</td>`

export const gainCell = (share: number | null, baseline: number | null): Html =>
  share === null || baseline === null
    ? html`<td class="number" data-value="-2">–</td>`
    : html`<td class="number" data-value="${share - baseline}">${difference(share - baseline)}</td>`

/** A bar with the baseline as its mark; nothing where there is no share. */
export const barCell = (share: number | null, baseline: number | null): Html =>
  html`<td class="track">${
    share === null
      ? undefined
      : html`<div class="rail"><span class="bar" style="--share:${points(share)}%"></span>${baseline === null ? undefined : html`<span class="mark" style="--share:${points(baseline)}%"></span>`}</div>`
  }</td>`
