export interface Spent {
  readonly trials: number
  readonly usd: number
  readonly gpuHours: number
  /** Since the start of the run, by the clock. */
  readonly hours: number
}

/** Limits, of which a pipeline has those that it counts. */
export type Budget = { readonly [K in keyof Spent]?: Spent[K] | undefined }

const UNITS = { trials: 'trials', usd: 'dollars', gpuHours: 'GPU hours', hours: 'hours' } as const

/**
 * Why a search must stop, or undefined while it is within all of its limits.
 * @param reserved what of the budget is kept for the comparison that follows the search
 */
export function exhausted(
  budget: Budget,
  spent: Spent,
  reserved: Partial<Omit<Spent, 'trials'>> = {},
): string | undefined {
  for (const key of ['trials', 'usd', 'gpuHours', 'hours'] as const) {
    const limit = budget[key]
    const kept = key === 'trials' ? 0 : (reserved[key] ?? 0)
    if (limit === undefined || spent[key] + kept < limit) continue
    return [
      `the budget of ${limit} ${UNITS[key]} is used up`,
      ...(kept > 0 ? [`but for the ${kept.toPrecision(2)} that the comparison is estimated to take`] : []),
      ...(key !== 'trials' && budget.trials !== undefined
        ? [`after ${spent.trials} of ${budget.trials} trials`]
        : []),
    ].join(', ')
  }
  return undefined
}
