import { operatorLabel, operatorStyle, operatorWords } from './operator-label.ts'
import type { Operator } from './operators.ts'

/** Part of a picture, from 0,0. */
export interface Figure {
  readonly width: number
  readonly height: number
  readonly svg: string
}

export type Point = { readonly x: number; readonly y: number }

export interface DrawnLink {
  readonly arrow: string
  readonly label: string
}

/** An arrow in the style of its operator, and its label. One that changes nothing (`idle`) is faint and has none. */
export function drawLink(
  operator: Operator,
  {
    name,
    words,
    path,
    label: { x, y },
    idle,
  }: {
    readonly name: string
    readonly words: string
    readonly path: string
    readonly label: Point
    readonly idle: boolean
  },
): DrawnLink {
  const style = operatorStyle(operator)
  return {
    arrow: `<path class="link ${style}${idle ? ' idle' : ''}" data-link="${name}" marker-end="url(#auto-fpn-arrow)" d="${path}"><title>${words}: ${operatorWords(operator)}</title></path>`,
    label: idle
      ? ''
      : `<text class="label ${style}" x="${r(x)}" y="${r(y)}" dy="0.35em">${operatorLabel(operator)}</text>`,
  }
}

/** No arrow crosses a label. */
export const linksThenLabels = (links: readonly DrawnLink[]): readonly string[] => [
  ...links.map(({ arrow }) => arrow),
  ...links.map(({ label }) => label).filter((label) => label !== ''),
]

export const r = (x: number): number => Number(x.toFixed(1))
