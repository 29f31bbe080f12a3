import type { ClassCounts, SplitCounts } from './class-counts.ts'
import type { LabelledRef } from './dataset.ts'

/** How many images of each class there are. */
export const countImages = (
  classes: number,
  train: readonly LabelledRef[],
  validation: readonly LabelledRef[],
  test: readonly LabelledRef[],
): ClassCounts => ({
  of: 'images',
  values: [],
  train: splitCounts(classes, train),
  validation: splitCounts(classes, validation),
  ...(test.length > 0 && { test: splitCounts(classes, test) }),
})

function splitCounts(classes: number, refs: readonly LabelledRef[]): SplitCounts {
  const counts = Array<number>(classes).fill(0)
  for (const { label } of refs) counts[label]!++
  return { classes: counts, ignored: {} }
}
