import type { Extent } from '../nas/data/dataset.ts'
import { TrellisError } from '../nas/errors.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import type { Cost } from '../nas/runs/estimate.ts'
import { duration, usd } from '../report/format.ts'
import { estimateOf } from './estimate-run.ts'
import { imagesOf, openIfHere } from './open-if-here.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { Place } from './place.ts'
import type { Images } from './throughput.ts'

/*
 * A budget is what a whole run may take. Before anything starts, the estimate is held against it; while the run goes on, the search
 * stops where what is left is what the comparison that follows is estimated to take.
 */

/**
 * Better before minutes of looking at images than after: sizes that are left to these are taken for the least.
 * @throws TrellisError `invalid-config` for a budget that is too small in any case
 */
export async function checkBudgetEarly(config: RunConfig, place: Place): Promise<void> {
  const dataset = await openIfHere(config)
  // That it is not there, its survey tells.
  if (dataset === undefined) return
  checkBudget(pipelineOf(config).withSizes(config, LEAST), imagesOf(dataset), place)
}

const LEAST: Extent = { height: 1, width: 1, pixels: 1 }

/** @throws TrellisError `invalid-config` for a budget that is too small */
export function checkBudget(config: RunConfig, images: Images, place: Place): void {
  const pipeline = pipelineOf(config)
  pipeline.checkBudget(config, (shorter) => estimateOf(pipeline, shorter, images, place))
}

/** Why a search would not start, and what to change; undefined for a run within its budget. */
export function whyNotWithin(config: RunConfig, images: Images, place: Place): TrellisError | undefined {
  try {
    checkBudget(config, images, place)
    return undefined
  } catch (error) {
    if (error instanceof TrellisError) return error
    throw error
  }
}

/** Whether a budget limits money or time: trials alone need nothing kept for what follows them. */
const limitsCost = ({ usd, gpuHours, hours }: NonNullable<RunConfig['budget']>): boolean =>
  (usd ?? gpuHours ?? hours) !== undefined

/** What the record of a run is to hold of the comparison that ends it. */
export function reservedOf(config: RunConfig, images: Images, place: Place): { readonly reserved?: Cost } {
  if (config.budget === undefined || !limitsCost(config.budget)) return {}
  const pipeline = pipelineOf(config)
  const { gpuHours, usd, hours } = pipeline.comparison(estimateOf(pipeline, config, images, place))
  return { reserved: { gpuHours, usd, hours } }
}

/** '8 h 00 min by the clock, $20.00; of that, 36 min and $4.10 are kept for the comparison'; undefined without such limits. */
export function budgetInWords({ budget }: RunConfig, comparison: Cost): string | undefined {
  if (budget === undefined || !limitsCost(budget)) return undefined
  const show = {
    hours: (hours: number) => `${duration(hours * 3600)} by the clock`,
    gpuHours: (hours: number) => `${duration(hours * 3600)} of jobs`,
    usd,
  }
  const limited = (['hours', 'gpuHours', 'usd'] as const).filter((key) => budget[key] !== undefined)
  const inAll = limited.map((key) => show[key](budget[key]!))
  const kept = limited.map((key) => show[key](comparison[key]))
  return `${inAll.join(', ')} for the whole run, of which ${kept.join(', ')} are kept for the comparison`
}
