const MARKUP = Symbol('markup')

/** Markup that may stand in a page as it is. Only {@link html} and {@link trusted} make it; text from a run never is. */
export interface Html {
  readonly [MARKUP]: string
}

type Hole = string | number | Html | undefined | readonly (string | Html | undefined)[]

/** A template of markup: text in its holes is escaped, markup is kept, lists are joined, undefined is left out. */
export function html(strings: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  return trusted(strings.reduce((markup, string, i) => markup + fill(holes[i - 1]) + string))
}

/** Takes text for markup. Only for what Trellis itself has written: its style, its script, its drawings. */
export const trusted = (markup: string): Html => ({ [MARKUP]: markup })

export const markupOf = (html: Html): string => html[MARKUP]

function fill(hole: Hole): string {
  if (hole === undefined) return ''
  if (typeof hole === 'string' || typeof hole === 'number') return escaped(String(hole))
  return isList(hole) ? hole.map(fill).join('') : hole[MARKUP]
}

const isList = (hole: Hole): hole is readonly (string | Html | undefined)[] => Array.isArray(hole)

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
