import { matrix, type Separable } from './separable.ts'

type Pair = readonly [height: number, width: number]

/**
 * Bilinear interpolation of an input [N,C,H,W] to another height and width. With aligned corners, the centres of the corner
 * pixels coincide; otherwise the corners of the maps do (half-pixel centres).
 */
export function interpolation(input: readonly number[], size: Pair, alignCorners: boolean): Separable {
  const along = (axis: 0 | 1) => weights(size[axis], input[2 + axis]!, alignCorners)
  return { rows: along(0), columns: along(1) }
}

const weights = (to: number, from: number, alignCorners: boolean) =>
  matrix(to, from, (i, row) => {
    const aligned = to === 1 ? 0 : (i * (from - 1)) / (to - 1)
    const position = alignCorners ? aligned : ((i + 0.5) * from) / to - 0.5
    const inside = Math.min(Math.max(position, 0), from - 1)
    const before = Math.floor(inside)
    const after = Math.min(before + 1, from - 1)
    row[before]! += 1 - (inside - before)
    row[after]! += inside - before
  })
