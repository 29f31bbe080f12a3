import type { Box } from '../../boxes/boxes.ts'
import type { Canvas } from './canvas.ts'
import type { FigureKind } from './classes.ts'

interface Outline {
  readonly kind: FigureKind
  /** Around the pixels that can be seen. */
  readonly box: Box
  /** Pixels that can be seen. */
  readonly area: number
}

/** Below these, nobody could tell what it is. */
const FEWEST_PIXELS = 16
const LEAST_VISIBLE = 0.3

/** Figures that can be seen in a finished picture, far ones first; none of which little is left behind nearer things. */
export function outlinesOf({ width, owners, figures }: Canvas): readonly Outline[] {
  const seen = figures.map(() => ({ area: 0, left: width, top: 0, right: 0, bottom: 0 }))
  for (const [pixel, owner] of owners.entries()) {
    if (owner === 0) continue
    const own = seen[owner]!
    const y = Math.floor(pixel / width)
    const x = pixel - y * width
    if (own.area++ === 0) own.top = y
    own.left = Math.min(own.left, x)
    own.right = Math.max(own.right, x + 1)
    own.bottom = y + 1
  }
  return figures.flatMap(({ kind, pixels }, i) => {
    const { area, left, top, right, bottom } = seen[i]!
    if (kind === undefined || area < FEWEST_PIXELS || area < LEAST_VISIBLE * pixels) return []
    return { kind, box: [left, top, right, bottom] as const, area }
  })
}
