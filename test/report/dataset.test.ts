import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import type { ClassCounts } from '../../nas/data/class-counts.ts'
import { datasetSection, onTheDataset } from '../../report/dataset.ts'
import { markupOf } from '../../report/html.ts'
import { renderSection } from '../../report/section.ts'

const classes = ['sky', 'road']
const counts: ClassCounts = {
  of: 'pixels',
  values: [0, 1],
  train: { classes: [50, 10], ignored: { 255: 40 } },
  validation: { classes: [10, 0], ignored: {} },
}

test('a table tells how often each class occurs in each split, and void', () => {
  const section = datasetSection(classes, { counts, warnings: [] })!
  const { document } = parseHTML(markupOf(renderSection(section)))
  const rows = [...document.querySelectorAll('tbody tr, tfoot tr')].map((row) =>
    [...row.querySelectorAll('td')].slice(0, 3).map(({ textContent }) => textContent),
  )
  expect(rows).toEqual([
    ['sky', '50.00', '100.00'],
    ['road', '10.00', '0.00'],
    ['void', '40.00', '0.00'],
  ])
})

test('what was not counted has no table, and says what was found in its files', () => {
  const notes = { warnings: ['2 images are in both splits.'] }
  expect(datasetSection(classes, notes)).toBeUndefined()
  expect([...onTheDataset(classes, notes)]).toEqual([
    { tone: 'warning', text: '2 images are in both splits.' },
  ])
})

test('classes that validation lacks and much void are notes', () => {
  expect([...onTheDataset(classes, { counts, warnings: [] })].map(({ text }) => text)).toEqual([
    'No validation mask holds class "road" (value 1): the score does not say how well that is found.',
    '40 % of the training pixels are void (mask value 255), and count for nothing.',
  ])
})
