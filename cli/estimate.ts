import type { DatasetConfig } from '../nas/data/config.ts'
import { openDataset } from '../nas/data/open.ts'
import { TrellisError } from '../nas/errors.ts'
import type { Config } from '../nas/runs/config.ts'
import type { Cost, Estimate } from '../nas/runs/estimate.ts'
import { openStore } from '../nas/store/open.ts'
import { count, counted, duration, usd } from '../report/format.ts'
import { readConfig } from './config-file.ts'
import { estimateOf, type Images } from './pace.ts'
import { jobsAtOnce, type Place, placeOf } from './place.ts'
import { currentPrice } from './prices.ts'
import { table } from './table.ts'

export interface EstimateOptions {
  readonly set?: readonly string[]
  readonly aws?: boolean
  readonly json?: boolean
}

/** Prints what a search would take, by phase. Starts nothing and writes nothing. */
export async function estimateConfig(file: string, { set, aws, json }: EstimateOptions): Promise<void> {
  const config = readConfig(file, set)
  const images = await imagesOf(config.dataset)
  const place = placeOf(config.compute, aws)
  const estimate = estimateOf(config, images ?? { train: 0, validation: 0 }, place)
  if (json) console.log(JSON.stringify(estimate, null, 2))
  else
    console.log(
      [tableOf(estimate), ...besidePaper(config, estimate, place), ...(images ? [] : [WITHOUT_IMAGES])].join(
        '\n',
      ),
    )
}

/** The search of the paper: 370 GPUs, held for a week to train 28,000 cells for 90 minutes each (DPC sections 3.3 and 4). */
const PAPER = { cards: 370, days: 7, cells: 28_000, minutes: 90 } as const

/** What is rented is held by the clock, jobs or no jobs: so the paper counts its hours. */
function besidePaper({ compute }: Config, { hours }: Estimate, place: Place): readonly string[] {
  if (compute.card === 'cpu') return []
  const concurrency = jobsAtOnce(compute, place)
  const held = PAPER.cards * PAPER.days * 24
  const { usdPerHour, basis } = currentPrice(compute, place)
  return [
    '',
    `${counted(concurrency, 'card')} held for ${duration(hours * 3600)}: ${hoursOf(concurrency * hours)} GPU hours held.`,
    `The paper: ${PAPER.cards} for ${PAPER.days} days, ${count(held)} GPU hours held, ${count((PAPER.cells * PAPER.minutes) / 60)} of them in ${count(PAPER.cells)} cells; ${usd(held * usdPerHour)} at ${usd(usdPerHour)} an hour (${basis}).`,
  ]
}

const WITHOUT_IMAGES = '\nThe dataset is not here: computing its features is left out.'

/** Counts images without looking at them; undefined where there are none to count. */
async function imagesOf(dataset: DatasetConfig): Promise<Images | undefined> {
  try {
    const { train, validation } = await openDataset(dataset, openStore, { fingerprint: 'not checked' })
    return { train: train.length, validation: validation.length }
  } catch (error) {
    if (error instanceof TrellisError) return undefined
    throw error
  }
}

function tableOf({ byJob, trials, ...total }: Estimate): string {
  const row = (name: string, { gpuHours, hours, usd: dollars }: Cost) => [
    name,
    hoursOf(gpuHours),
    duration(hours * 3600),
    usd(dollars),
  ]
  return table([
    ['', 'hours of jobs', 'by the clock', 'dollars'],
    row('pretraining', byJob.pretrain),
    row('features', byJob.features),
    row(`search, ${count(trials)} trials`, byJob['proxy-task']),
    row('full training', byJob.train),
    row('total', total),
  ])
}

const hoursOf = (hours: number): string => hours.toLocaleString('en-US', { maximumSignificantDigits: 3 })
