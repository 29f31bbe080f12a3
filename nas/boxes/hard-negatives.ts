import { BACKGROUND } from './match.ts'

/** SSD (arXiv 1512.02325, section 2.2): at most so many for each row that matches a truth. */
export const NEGATIVES_A_POSITIVE = 3

/**
 * Of the rows that are background those which cost most, in ascending order of themselves: nearly all rows of an image match
 * nothing, and most of these are easy. Of rows that cost the same the first is taken; none where nothing is matched.
 * @param matches of `match`; @param losses of each row, as if it were background
 */
export function hardNegatives(
  matches: Int32Array,
  losses: ArrayLike<number>,
  ratio = NEGATIVES_A_POSITIVE,
): readonly number[] {
  const rows = [...matches.keys()].filter((row) => matches[row] === BACKGROUND)
  const positive = matches.reduce((sum, truth) => sum + Number(truth >= 0), 0)
  return rows
    .toSorted((i, j) => losses[j]! - losses[i]! || i - j)
    .slice(0, ratio * positive)
    .toSorted((i, j) => i - j)
}
