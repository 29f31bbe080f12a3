import type { Budget } from '../nas/runs/budget.ts'
import type { Cost } from '../nas/runs/estimate.ts'
import { duration, usd } from '../report/format.ts'

/** How costs are told: as in the table of an estimate. */
export const COSTS = {
  usd,
  gpuHours: (hours: number) => `${duration(hours * 3600)} of jobs`,
  hours: (hours: number) => `${duration(hours * 3600)} by the clock`,
} as const

/** What would be too much of an estimate, in words; undefined where it is within all limits. */
export function exceeded(budget: Budget, estimate: Cost): string | undefined {
  for (const key of ['usd', 'gpuHours', 'hours'] as const) {
    const limit = budget[key]
    if (limit !== undefined && estimate[key] > limit)
      return `about ${COSTS[key](estimate[key])}, and ${COSTS[key](limit)} are allowed (budget.${key}: ${limit})`
  }
  return undefined
}
