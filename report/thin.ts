/**
 * Keeps the first item in each cell of a `columns` x `rows` grid over the items' extent, so that a chart of any number
 * of dots draws a bounded number and looks the same.
 */
export function thin<T>(
  items: readonly T[],
  x: (item: T) => number,
  y: (item: T) => number,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly T[] {
  const column = binning(items.map(x), columns)
  const row = binning(items.map(y), rows)
  const seen = new Set<number>()
  return items.filter((item) => {
    const cell = column(x(item)) * rows + row(y(item))
    return !seen.has(cell) && seen.add(cell)
  })
}

function binning(values: readonly number[], bins: number): (value: number) => number {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity)
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity)
  return (value) => Math.min(bins - 1, Math.floor(((value - low) / (high - low || 1)) * bins))
}
