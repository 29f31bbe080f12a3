import type { ClassCounts, SplitCounts } from './class-counts.ts'
import { IGNORE, type Split } from './dataset.ts'
import type { LabelTable } from './layout.ts'

/** Pixels of each mask value, 0..255. */
export type Histogram = Float64Array

export const emptyHistogram = (): Histogram => new Float64Array(256)

/** What the values in the masks of each split mean. */
export const classCountsOf = (
  table: LabelTable,
  classes: number,
  histograms: Readonly<Record<Split, Histogram>>,
): ClassCounts => ({
  of: 'pixels',
  values: Array.from({ length: classes }, (_, label) => {
    const value = table.indexOf(label)
    return value === -1 ? null : value
  }),
  train: splitCounts(table, classes, histograms.train),
  validation: splitCounts(table, classes, histograms.validation),
  ...(histograms.test.some((pixels) => pixels > 0) && { test: splitCounts(table, classes, histograms.test) }),
})

function splitCounts(table: LabelTable, classes: number, histogram: Histogram): SplitCounts {
  const counts = Array<number>(classes).fill(0)
  const ignored: Record<string, number> = {}
  for (const [value, pixels] of histogram.entries()) {
    if (pixels === 0) continue
    const label = table[value]!
    if (label === IGNORE) ignored[value] = pixels
    else counts[label]! += pixels
  }
  return { classes: counts, ignored }
}
