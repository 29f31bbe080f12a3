import { z } from 'zod'

const number = z.int().nonnegative()

const ofSplit = z
  .strictObject({
    classes: z.array(number).readonly().describe('by label'),
    ignored: z.record(z.string(), number).readonly().describe('void pixels by the value in the mask'),
  })
  .readonly()
export type SplitCounts = z.infer<typeof ofSplit>

/** How often each class occurs in a dataset: in pixels of masks, in images where an image has one class, or in boxes. */
export const classCountsSchema = z
  .strictObject({
    of: z.enum(['pixels', 'images', 'boxes']),
    values: z
      .array(number.nullable())
      .readonly()
      .describe('mask value of each class; null where that is void; empty where there are no masks'),
    train: ofSplit,
    validation: ofSplit,
    test: ofSplit.optional().describe('where some images are kept aside'),
  })
  .readonly()
export type ClassCounts = z.infer<typeof classCountsSchema>

const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0)

/** Shares of all pixels, images or boxes of a split, in [0, 1]. */
export interface Shares {
  /** By label. */
  readonly classes: readonly number[]
  readonly void: number
  /** Void by mask value. */
  readonly ignored: Readonly<Record<string, number>>
}

export function sharesOf(split: SplitCounts): Shares {
  const ignored = sum(Object.values(split.ignored))
  const total = sum(split.classes) + ignored
  return {
    classes: split.classes.map((count) => count / total),
    void: ignored / total,
    ignored: Object.fromEntries(
      Object.entries(split.ignored).map(([value, count]) => [value, count / total]),
    ),
  }
}
