import type { Confusion } from '../nas/tasks/classification.ts'
import { count, points } from './format.ts'
import { type Html, html } from './html.ts'
import type { Section } from './section.ts'
import { columns } from './sortable.ts'

/** A reader does not take in more rows; the pairs below tell what matters of them. */
const MOST_CLASSES = 20
const MOST_PAIRS = 10

/**
 * What a classifier takes for what.
 * @param confusion of the winner's best seed; undefined where its result does not hold one
 */
export function confusionSection(
  confusion: Confusion | undefined,
  classes: readonly string[],
): Section | undefined {
  if (confusion === undefined) return undefined
  const pairs = mostConfused(confusion)
  return {
    id: 'confusion',
    title: 'What is taken for what',
    body: html`${classes.length <= MOST_CLASSES ? matrix(confusion, classes) : undefined}
<h3>Most frequent confusions</h3>${pairs.length === 0 ? html`<p>None: every validation image was classified right.</p>` : table(pairs, classes)}`,
  }
}

function matrix(confusion: Confusion, classes: readonly string[]): Html {
  const heads = classes.map((name) => html`<th scope="col"><span>${name}</span></th>`)
  const rows = confusion.map((row, label) => {
    const images = sum(row)
    const cells = row.map((n, prediction) => cell(n / (images || 1), label === prediction))
    return html`<tr><th scope="row">${classes[label]!}</th>${cells}<td class="number">${count(images)}</td></tr>`
  })
  return html`<div class="scroll"><table class="confusion"><thead><tr><th></th>${heads}<th scope="col"><span>images</span></th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="quiet">The validation images by their class, in rows, and by what the winner’s best seed predicts, in columns; percent of a row.</p>`
}

const cell = (share: number, isRight: boolean): Html =>
  html`<td class="${isRight ? 'right' : 'wrong'}" style="--share:${points(share)}%">${share === 0 ? '' : (100 * share).toFixed(0)}</td>`

interface Pair {
  readonly label: number
  readonly prediction: number
  readonly images: number
  /** Of the images of the class. */
  readonly share: number
}

/** Most images first; of equally many, in the order of the classes. */
const mostConfused = (confusion: Confusion): readonly Pair[] =>
  confusion
    .flatMap((row, label) =>
      row.map((images, prediction): Pair => ({ label, prediction, images, share: images / (sum(row) || 1) })),
    )
    .filter(({ label, prediction, images }) => label !== prediction && images > 0)
    .sort((a, b) => b.images - a.images)
    .slice(0, MOST_PAIRS)

const table = (pairs: readonly Pair[], classes: readonly string[]): Html =>
  html`<div class="scroll"><table class="sortable"><thead><tr>${columns([
    ['Class', 'text'],
    ['Taken for', 'text'],
    ['Images', 'number'],
    ['Of its class, %', 'number'],
  ])}</tr></thead><tbody>${pairs.map(
    ({ label, prediction, images, share }) =>
      html`<tr><td>${classes[label]!}</td><td>${classes[prediction]!}</td><td class="number" data-value="${images}">${count(images)}</td><td class="number" data-value="${share}">${points(share)}</td></tr>`,
  )}</tbody></table></div>`

const sum = (row: readonly number[]): number => row.reduce((total, n) => total + n, 0)
