const MARKUP = Symbol('markup')

/** Markup that may stand in a page as it is. Only {@link html} and {@link trusted} make it; text from a run never is. */
export interface Html {
  readonly [MARKUP]: string
}

type Value = string | number | Html | undefined | readonly (string | Html | undefined)[]

/** A template of markup: text among its values is escaped, markup is kept, lists are joined, undefined is omitted. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return trusted(strings.reduce((markup, string, i) => markup + markupOfValue(values[i - 1]) + string))
}

/** Takes text for markup. Only for what Trellis itself has written: its style, its script, its drawings. */
export const trusted = (markup: string): Html => ({ [MARKUP]: markup })

export const markupOf = (html: Html): string => html[MARKUP]

function markupOfValue(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value))
  return isList(value) ? value.map(markupOfValue).join('') : value[MARKUP]
}

const isList = (value: Value): value is readonly (string | Html | undefined)[] => Array.isArray(value)

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
