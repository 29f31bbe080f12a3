import type { Extent } from '../nas/data/dataset.ts'
import { TrellisError } from '../nas/errors.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import type { DatasetFacts } from '../nas/runs/dataset.ts'
import { type Cost, leavingOut } from '../nas/runs/estimate.ts'
import { estimateOf } from './estimate-run.ts'
import { COSTS } from './exceeded.ts'
import { hasEarlierRuns, madeKinds } from './made.ts'
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
  const above = whyNotWithin(pipelineOf(config).withSizes(config, LEAST), imagesOf(dataset), place)
  // Which work the store has can be told once sizes are known.
  if (above !== undefined && !(await hasEarlierRuns(config, dataset))) throw above
}

const LEAST: Extent = { height: 1, width: 1, pixels: 1 }

/** @throws TrellisError `invalid-config` for a budget that is too small for what the store does not have yet */
export async function checkBudget(
  config: RunConfig,
  dataset: DatasetFacts,
  images: Images,
  place: Place,
): Promise<void> {
  if (whyNotWithin(config, images, place) === undefined) return
  const kinds = Object.keys(estimateOf(pipelineOf(config), config, images, place).byJob)
  const made = place === 'here' ? await madeKinds(config, dataset, kinds) : []
  const above = whyNotWithin(config, images, place, made)
  if (above !== undefined) throw above
}

/**
 * Why a search would not start, and what to change; undefined for a run within its budget.
 * @param made kinds of jobs whose work is in the store
 */
export function whyNotWithin(
  config: RunConfig,
  images: Images,
  place: Place,
  made: readonly string[] = [],
): TrellisError | undefined {
  const pipeline = pipelineOf(config)
  try {
    pipeline.checkBudget(config, (shorter) => leavingOut(estimateOf(pipeline, shorter, images, place), made))
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
  const limited = (['hours', 'gpuHours', 'usd'] as const).filter((key) => budget[key] !== undefined)
  const inAll = limited.map((key) => COSTS[key](budget[key]!))
  const kept = limited.map((key) => COSTS[key](comparison[key]))
  return `${inAll.join(', ')} for the whole run, of which ${kept.join(', ')} are kept for the comparison`
}
