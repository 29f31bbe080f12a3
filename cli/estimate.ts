import type { RunConfig } from '../nas/runs/config.ts'
import { type Cost, type Estimate, leavingOut } from '../nas/runs/estimate.ts'
import { counted, duration, usd } from '../report/format.ts'
import { budgetInWords, whyNotWithin } from './budget.ts'
import { classTable } from './class-table.ts'
import { readConfig } from './config-file.ts'
import { estimateOf } from './estimate-run.ts'
import { fitToImages } from './fit-to-images.ts'
import { estimateJson, printJson } from './json.ts'
import { madeKinds } from './made.ts'
import { measureDataset } from './measure-dataset.ts'
import { imagesOf, openIfHere } from './open-if-here.ts'
import { pipelineOf } from './pipelines/index.ts'
import { jobsAtOnce, type Place, placeOf } from './place.ts'
import { currentPrice } from './prices.ts'
import { warnOf } from './show-dataset.ts'
import { table } from './table.ts'
import { basisOf } from './throughput.ts'
import { wrongInput } from './wrong-input.ts'

export interface EstimateOptions {
  readonly set?: readonly string[]
  readonly aws?: boolean
  readonly json?: boolean
}

/** Prints what a search would take, by phase. Starts nothing and writes nothing. */
export async function estimateConfig(file: string, { set, aws, json }: EstimateOptions): Promise<void> {
  const raw = readConfig(file, set)
  const dataset = await openIfHere(raw)
  const { counts, extent } = dataset ? await measureDataset(raw, dataset) : {}
  const images = imagesOf(dataset, extent)
  const place = placeOf(raw.compute, aws)
  const { config, warnings } = fitToImages(raw, dataset?.classes.length ?? 0, extent, place)
  const whole = estimateOf(pipelineOf(config), config, images, place)
  const budget = budgetInWords(config, pipelineOf(config).comparison(whole))
  const obstacle = await wrongInput(config, place)
  const isKnown = dataset !== undefined && obstacle === undefined && place === 'here'
  const made = isKnown ? await madeKinds(config, dataset, Object.keys(whole.byJob)) : []
  const estimate = leavingOut(whole, made)
  const above = dataset && whyNotWithin(config, images, place, made)
  if (json)
    printJson(estimateJson, {
      ...estimate,
      place,
      images: dataset ? { train: images.train, validation: images.validation, test: images.test ?? 0 } : null,
      inStore: [...made],
      aboveBudget: above?.message ?? null,
    })
  else
    console.log(
      [
        tableOf(config, estimate),
        ...inStore(config, whole, made),
        ...besidePaper(config, estimate, place),
        ...(budget === undefined ? [] : ['', `Budget: ${budget}.`]),
        ...(above === undefined ? [] : [`Above your budget: ${above.message}.`, `  fix: ${above.fix}`]),
        ...(config.compute.card === 'cpu' ? [] : [ON_AWS]),
        ...scaledBy(config),
        ...(dataset ? [] : [WITHOUT_IMAGES]),
        ...(dataset && counts ? ['', classTable(dataset.classes, counts)] : []),
      ].join('\n'),
    )
  if (dataset) warnOf(dataset.classes, { counts, warnings: [...dataset.warnings, ...warnings] })
  if (obstacle !== undefined) console.error(obstacle)
}

/** Names the work that is left out, as a search would find it. */
function inStore(config: RunConfig, whole: Estimate, made: readonly string[]): readonly string[] {
  if (made.length === 0) return []
  const isSpared = (kind: string) => (whole.byJob[kind]?.hours ?? 0) > 0 && made.includes(kind)
  const phases = pipelineOf(config).phases.filter(({ job }) => isSpared(job))
  if (leavingOut(whole, made).hours === 0) return [`\n${EVERYTHING}`]
  return [`\nIn the store already, and left out: ${phases.map(({ name }) => name).join(', ')}.`]
}

const EVERYTHING = 'Everything is in the store already: a search finds it there and trains nothing.'

/** What is rented is held by the clock, jobs or no jobs: so the papers count their hours. */
function besidePaper(config: RunConfig, { hours }: Estimate, place: Place): readonly string[] {
  const { compute } = config
  if (compute.card === 'cpu') return []
  const concurrency = jobsAtOnce(compute, place)
  const { paper } = pipelineOf(config)
  const { usdPerHour, basis } = currentPrice(compute, place)
  const ofPaper = (held: NonNullable<typeof paper>) =>
    `The paper: ${held.words}; ${usd(held.cardHours * usdPerHour)} at ${usd(usdPerHour)} an hour (${basis}).`
  return [
    '',
    `${counted(concurrency, 'card')} held for ${duration(hours * 3600)}: ${hoursOf(concurrency * hours)} GPU hours held.`,
    ...(paper === null ? [] : [ofPaper(paper)]),
  ]
}

function scaledBy({ compute }: RunConfig): readonly string[] {
  const basis = basisOf(compute.card)
  return basis === undefined ? [] : [basis]
}

const ON_AWS = 'Cards are on AWS: trellis search starts it there with --aws.'

const WITHOUT_IMAGES = '\nThe dataset is not here: what depends on the number of its images is left out.'

function tableOf(config: RunConfig, estimate: Estimate): string {
  const row = (name: string, { gpuHours, hours, usd: dollars }: Cost) => [
    name,
    hoursOf(gpuHours),
    duration(hours * 3600),
    usd(dollars),
  ]
  return table([
    ['', 'hours of jobs', 'by the clock', 'dollars'],
    ...pipelineOf(config)
      .byPhase(estimate)
      .map(([phase, cost]) => row(phase, cost)),
    row('total', estimate),
  ])
}

const hoursOf = (hours: number): string => hours.toLocaleString('en-US', { maximumSignificantDigits: 3 })
