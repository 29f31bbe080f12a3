import { z } from 'zod'

const amount = z.number().nonnegative()

export const costSchema = z
  .strictObject({
    gpuHours: amount.describe('hours of jobs, on whatever card'),
    usd: amount.describe('dollars'),
    hours: amount.describe('by the clock'),
  })
  .readonly()
export type Cost = z.infer<typeof costSchema>

/** What a run would take, in all and by kind of job. */
export interface Estimate extends Cost {
  readonly byJob: Readonly<Record<string, Cost>>
}

/** What jobs run on. */
export interface Capacity {
  readonly usdPerHour: number
  /** Jobs at once. */
  readonly concurrency: number
  /** Seconds from the start of a job to its first step. */
  readonly startUp: number
}

export const NOTHING: Cost = { gpuHours: 0, usd: 0, hours: 0 }

export const plus = (a: Cost, b: Cost): Cost => ({
  gpuHours: a.gpuHours + b.gpuHours,
  usd: a.usd + b.usd,
  hours: a.hours + b.hours,
})

/** So many trials of so many seconds, `size` of them a job, until the last job has ended. */
export function work(
  {
    trials,
    seconds,
    size = 1,
  }: { readonly trials: number; readonly seconds: number; readonly size?: number },
  { usdPerHour, concurrency, startUp }: Capacity,
): Cost {
  const jobs = Math.ceil(trials / size)
  const gpuHours = (jobs * startUp + trials * seconds) / 3600
  const longest = startUp + Math.min(size, trials) * seconds
  return { gpuHours, usd: gpuHours * usdPerHour, hours: (Math.ceil(jobs / concurrency) * longest) / 3600 }
}

/** Without the work of some kinds of jobs. */
export function leavingOut<E extends Estimate>(estimate: E, kinds: readonly string[]): E {
  const byJob = Object.entries(estimate.byJob).map(([kind, cost]) => [
    kind,
    kinds.includes(kind) ? NOTHING : cost,
  ])
  return { ...estimate, ...inAll(Object.fromEntries(byJob)) }
}

/** Of phases that follow each other. */
export const inAll = <K extends string>(byJob: Readonly<Record<K, Cost>>) => ({
  ...Object.values<Cost>(byJob).reduce(plus, NOTHING),
  byJob,
})
