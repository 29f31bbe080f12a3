import { type Html, html } from './html.ts'

/** Column heads of a table of class `sortable`; numeric cells carry their value in `data-value`. */
export const columns = (
  heads: readonly (readonly [name: string, kind: 'text' | 'number'])[],
): readonly Html[] =>
  heads.map(
    ([name, kind]) => html`<th scope="col" class="${kind}"><button type="button">${name}</button></th>`,
  )

/** The only script of a report: sorts a table by the column whose head is pressed, numbers falling first. */
export const SORT_SCRIPT = `
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.querySelectorAll('thead th')]
  heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
    const numeric = head.classList.contains('number')
    const first = numeric ? 'descending' : 'ascending'
    const second = numeric ? 'ascending' : 'descending'
    const order = head.ariaSort === first ? second : first
    heads.forEach((other) => { other.ariaSort = other === head ? order : null })
    const value = ({ cells }) => numeric ? Number(cells[column].dataset.value) : cells[column].textContent
    const compare = (a, b) => numeric ? value(a) - value(b) : value(a).localeCompare(value(b))
    const sign = order === 'ascending' ? 1 : -1
    const body = table.tBodies[0]
    body.append(...[...body.rows].sort((a, b) => sign * compare(a, b)))
  }))
}
`
