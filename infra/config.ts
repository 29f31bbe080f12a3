import { z } from 'zod'
import { pipelines } from '../functions/index.ts'
import { count } from '../nas/bounds.ts'
import { TrellisError } from '../nas/errors.ts'
import { runNameSchema } from '../nas/runs/config.ts'
import { type Card, cardSchema, offerOf } from '../nas/runs/prices.ts'
import { searchSizeSchema } from '../nas/runs/search-size.ts'
import { parseYaml } from '../nas/runs/yaml.ts'
import { type InputKind, MEGABYTE, readInputText } from '../nas/store/input-file.ts'
import { WORDS } from '../nas/words.ts'
import { machinesAtMost } from './machines-at-most.ts'
import { revisedBy, revising } from './revisions.ts'

const days = count(36_500)
const usd = z.number().min(0.01).max(1e9)

const scheduleSchema = z
  .strictObject({
    run: runNameSchema.describe('whose leaderboard is re-ranked'),
    cron: z
      .string()
      .regex(/^\S+( \S+){5}$/, 'six fields: minutes, hours, day of month, month, day of week, year')
      .default('0 3 * * ? *')
      .describe('when, as EventBridge writes it'),
    timeZone: z.string().default('UTC'),
    pipeline: z
      .string()
      .optional()
      .describe('of the run; needed where several pipelines can revise a ranking'),
    card: cardSchema.optional().describe('on which card; by default the first of the deployment'),
    concurrency: count(10_000).default(4).describe('jobs at once'),
    usd: usd.optional().describe('re-rank no more once the run has cost so many dollars in all'),
  })
  .readonly()

const moneySchema = z
  .strictObject({
    usdPerMonth: usd.default(500).describe('of the whole deployment'),
    warnAt: z.number().min(1).max(100).default(80).describe('percent of it at which the alarm goes off'),
    closeQueues: z
      .boolean()
      .default(false)
      .describe('once it is spent, queues take no more jobs until somebody opens them again'),
    email: z.email().optional().describe('who is told of it, and of every other alarm'),
  })
  .readonly()

/** What a user says of a deployment; every key has a default, so an empty file is one. */
export const deploymentSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,23}$/, 'use up to 24 small letters, digits and hyphens')
      .default('trellis')
      .describe('of the stack, and what the names of all its parts begin with'),
    cards: z
      .array(cardSchema)
      .min(1)
      .refine((cards) => new Set(cards).size === cards.length, 'name each card once')
      .readonly()
      .default(['t4'])
      .describe('a queue and machines for each; cpu for trial runs without a quota for GPUs'),
    allowRetired: z
      .boolean()
      .default(false)
      .describe('for accounts that still can rent what AWS has retired'),
    maxCards: count(10_000)
      .default(16)
      .describe('of each kind at once, spot and on demand together; idle ones are given back'),
    maxOnDemand: z
      .int()
      .min(0)
      .max(10_000)
      .optional()
      .describe('of those, on demand beside spot ones; a quarter by default'),
    spot: z
      .boolean()
      .default(true)
      .describe('spot instances, and on-demand ones only where those are all taken; else on-demand alone'),
    onDemandAfter: z
      .int()
      .min(1)
      .max(10)
      .optional()
      .describe('attempts on spot instances after which a job goes to an on-demand one'),
    zones: z.int().min(2).max(6).default(2).describe('availability zones; more find more spot capacity'),
    keepDays: z
      .strictObject({
        features: days.default(90).describe('caches such as features, which any run can make again'),
        oldVersions: days.default(30).describe('replaced or deleted results'),
        logs: z.literal([7, 30, 90, 180, 365]).default(90),
      })
      .readonly()
      .prefault({}),
    search: searchSizeSchema.prefault({}).describe('the largest search for which limits are proven'),
    schedules: z.array(scheduleSchema).readonly().default([]).describe('nightly re-rankings'),
    money: moneySchema.prefault({}),
  })
  .readonly()
export type Deployment = z.infer<typeof deploymentSchema>

/**
 * @param raw parsed YAML or JSON @param source of it, for errors
 * @throws TrellisError `invalid-config` naming the key; `unsupported` for a card that AWS cannot give, naming the nearest
 */
export function parseDeployment(raw: unknown, source: string): Deployment {
  const parsed = deploymentSchema.safeParse(raw ?? {}, WORDS)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) =>
      [path.join('.'), message].filter((part) => part !== '').join(': '),
    )
    throw new TrellisError('invalid-config', `${source}: ${problems.join('; ')}`, {
      fix: 'correct the file; docs/deployment.md describes every key',
      cause: parsed.error,
    })
  }
  const { cards } = parsed.data
  for (const card of cards) checkMachines(card, parsed.data, source)
  checkSchedules(parsed.data, source)
  return parsed.data
}

/** @throws TrellisError `unsupported` for a card that cannot be had, `invalid-config` where no machine fits into a limit */
function checkMachines(card: Card, deployment: Deployment, source: string): void {
  const offer = offerOf(card, deployment.allowRetired)
  const { spot, onDemand } = machinesAtMost(deployment, offer)
  const refuse = (limit: string, least: number) => {
    throw new TrellisError(
      'invalid-config',
      `${source}: ${limit} leaves no room for a machine with ${card}, ${offer.instance}, which has ${offer.cards}`,
      { fix: `set it to at least ${least}, or leave ${card} out of cards` },
    )
  }
  const ofBoth = deployment.spot && deployment.onDemandAfter !== undefined
  if (spot + onDemand === 0) refuse('maxCards', offer.cards)
  if (ofBoth && onDemand === 0) refuse('maxOnDemand', offer.cards)
  if (ofBoth && spot === 0) refuse('maxCards without maxOnDemand', 2 * offer.cards)
}

function checkSchedules({ cards, schedules }: Deployment, source: string): void {
  const seen = new Set<string>()
  for (const schedule of schedules) {
    const { run, card, pipeline } = schedule
    const refuse = (problem: string, fix: string) => {
      throw new TrellisError('invalid-config', `${source}: schedules: ${run}: ${problem}`, { fix })
    }
    // Schedules are named by their runs.
    if (seen.has(run))
      refuse(
        'there is more than one schedule for it',
        'keep one: a field of cron can hold several values, as in 0 3,4 * * ? *',
      )
    seen.add(run)
    if (card !== undefined && !cards.includes(card))
      refuse(`nothing is deployed for ${card}`, `add ${card} to cards`)
    if (revisedBy(schedule) === undefined)
      refuse(whyNotRevised(pipeline), `set pipeline to one of ${revising().join(', ')}`)
  }
}

function whyNotRevised(pipeline: string | undefined): string {
  if (pipeline === undefined) return 'the pipeline is not named'
  const known = pipelines.all().map(([name]) => name)
  if (known.includes(pipeline)) return `${pipeline} revises no rankings`
  return `there is no pipeline ${pipeline}; known: ${known.join(', ')}`
}

const DEPLOYMENT: InputKind = {
  what: 'deployment',
  limit: MEGABYTE / 4,
  code: 'invalid-config',
  fix: 'name a YAML file: cdk synth -c deployment=deployment.yaml',
}

/** @throws TrellisError `invalid-config` for a file that cannot be read */
export function readDeployment(file: string): Deployment {
  return parseDeployment(parseYaml(readInputText(file, DEPLOYMENT), file), file)
}
