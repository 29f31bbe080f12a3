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

/** Why a search must stop, or undefined while it is within all of its limits. */
export function exhausted(budget: Budget, spent: Spent): string | undefined {
  for (const key of ['trials', 'usd', 'gpuHours', 'hours'] as const) {
    const limit = budget[key]
    if (limit !== undefined && spent[key] >= limit) return `the budget of ${limit} ${UNITS[key]} is used up`
  }
  return undefined
}
