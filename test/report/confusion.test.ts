import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { confusionSection } from '../../report/confusion.ts'
import { markupOf } from '../../report/html.ts'

const page = (confusion: readonly (readonly number[])[], classes: readonly string[]) =>
  parseHTML(`<main>${markupOf(confusionSection(confusion, classes)!.body)}</main>`).document
const rowsOf = (document: ReturnType<typeof page>, selector: string) =>
  [...document.querySelectorAll(`${selector} tbody tr`)].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  )

describe('what is taken for what', () => {
  const confusion = [
    [8, 2, 0],
    [0, 5, 5],
    [1, 0, 0],
  ]
  const document = page(confusion, ['cat', 'dog', '<eel>'])

  it('has a row a class, in percent of its images', () => {
    expect(rowsOf(document, '.confusion')).toEqual([
      ['cat', '80', '20', '', '10'],
      ['dog', '', '50', '50', '10'],
      ['<eel>', '100', '', '', '1'],
    ])
    expect(document.querySelectorAll('.confusion .right')).toHaveLength(3)
  })

  it('names the most frequent confusions first', () => {
    expect(rowsOf(document, '.sortable')).toEqual([
      ['dog', '<eel>', '5', '50.00'],
      ['cat', 'dog', '2', '20.00'],
      ['<eel>', 'cat', '1', '100.00'],
    ])
  })

  it('leaves only these of many classes', () => {
    const classes = Array.from({ length: 30 }, (_, i) => `class ${i}`)
    const many = page(
      classes.map((_, label) => classes.map((_, prediction) => Number(prediction === (label + 1) % 30))),
      classes,
    )
    expect(many.querySelector('.confusion')).toBeNull()
    expect(rowsOf(many, '.sortable')).toHaveLength(10)
  })

  it('says so where nothing is confused, and is left out where the result of an older run holds nothing', () => {
    expect(page([[3]], ['cat']).querySelector('main')!.textContent).toContain(
      'every validation image was classified right',
    )
    expect(confusionSection(undefined, ['cat'])).toBeUndefined()
  })
})
