import { classWarnings } from '../nas/data/check-classes.ts'
import { type Shares, sharesOf } from '../nas/data/class-counts.ts'
import type { DatasetNotes } from '../nas/runs/dataset.ts'
import { points } from './format.ts'
import { type Html, html } from './html.ts'
import { type Note, warning } from './note.ts'
import type { Section } from './section.ts'
import { columns } from './sortable.ts'

/** How often each class occurs in the images; undefined where that was not counted. */
export function datasetSection(classes: readonly string[], { counts }: DatasetNotes): Section | undefined {
  if (counts === undefined) return undefined
  const [train, validation] = [sharesOf(counts.train), sharesOf(counts.validation)]
  const most = Math.max(...train.classes, ...validation.classes)
  const row = (name: string, shareIn: (shares: Shares) => number): Html =>
    html`<tr><td>${name}</td>${[train, validation].map((shares) => share(shareIn(shares)))}<td class="track">${bar(shareIn(train) / most, shareIn(validation) / most)}</td></tr>`
  return {
    id: 'dataset',
    title: 'How often each class occurs',
    body: html`<div class="scroll tall"><table class="sortable"><thead><tr>${columns([
      ['Class', 'text'],
      [`Training ${counts.of}, %`, 'number'],
      [`Validation ${counts.of}, %`, 'number'],
    ])}<td></td></tr></thead><tbody>${classes.map((name, label) => row(name, (shares) => shares.classes[label]!))}</tbody>${counts.of === 'pixels' ? html`<tfoot>${row('void', (shares) => shares.void)}</tfoot>` : undefined}</table></div>
<p class="quiet">The mark in a bar is validation.</p>`,
  }
}

const share = (part: number): Html => html`<td class="number" data-value="${part}">${points(part)}</td>`

const bar = (part: number, mark: number): Html =>
  html`<div class="rail"><span class="bar" style="--share:${points(Math.min(1, part))}%"></span><span class="mark" style="--share:${points(Math.min(1, mark))}%"></span></div>`

/** What was said of the dataset before the search. */
export function* onTheDataset(
  classes: readonly string[],
  { counts, warnings }: DatasetNotes,
): Iterable<Note> {
  for (const said of warnings) yield warning(said)
  if (counts) for (const said of classWarnings(classes, counts)) yield warning(said)
}
