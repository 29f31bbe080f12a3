/** The largest number below `limit` that fits, of which all smaller ones fit, by bisection; 0 where 1 does not. */
export function mostThat(limit: number, fits: (n: number) => boolean): number {
  let [below, above] = [0, limit]
  while (above - below > 1) {
    const middle = (below + above) >> 1
    if (fits(middle)) below = middle
    else above = middle
  }
  return below
}
