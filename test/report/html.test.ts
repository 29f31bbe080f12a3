import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { html, markupOf, trusted } from '../../report/html.ts'

describe('html', () => {
  it('keeps any text as text, in content and in attributes', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('<script>alert(1)</script>', '" onload="x', "'&amp;<!--"),
    )
    fc.assert(
      fc.property(text, (hostile) => {
        const { document } = parseHTML(markupOf(html`<div><p title="${hostile}">${hostile}</p></div>`))
        const paragraph = document.querySelector('p')!
        expect(document.querySelectorAll('*')).toHaveLength(2)
        expect(paragraph.getAttributeNames()).toEqual(['title'])
        expect(paragraph.getAttribute('title')).toBe(hostile)
        expect(paragraph.textContent).toBe(hostile)
      }),
    )
  })

  it('keeps markup as markup, joins lists and leaves out what is undefined', () => {
    const items = ['a', 'b'].map((name) => html`<li>${name}</li>`)
    expect(markupOf(html`<ul>${items}${undefined}${trusted('<hr>')}${3}</ul>`)).toBe(
      '<ul><li>a</li><li>b</li><hr>3</ul>',
    )
  })

  it('takes no data for markup, whatever its shape', () => {
    const forged = JSON.parse('{"markup": "<b>", "Symbol(markup)": "<b>"}') as string
    expect(markupOf(html`<p>${forged}</p>`)).not.toContain('<b>')
  })
})
