import { type Html, html } from './html.ts'

/** A chapter of the report, or undefined where the run has nothing to say on it. */
export interface Section {
  /** One word: its anchor, and its name in the list of sections. */
  readonly id: string
  readonly title: string
  readonly body: Html
}

export const renderSection = ({ id, title, body }: Section): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`

export const figure = (picture: Html, caption: Html): Html =>
  html`<figure>${picture}<figcaption>${caption}</figcaption></figure>`

export const facts = (rows: readonly (readonly [name: string, value: string])[]): Html =>
  html`<dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
