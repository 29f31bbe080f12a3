import { z } from 'zod'
import { pipelines } from '../functions/index.ts'
import { type Card, cardSchema } from '../nas/runs/prices.ts'
import { searchSizeSchema } from '../nas/runs/search-size.ts'
import { pascal } from './names.ts'

/*
 * What a stack tells its users, the one place that knows the keys: infra/tell.ts writes them, the command line reads them.
 * Nothing here needs CDK.
 */

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' })
    return z.NEVER
  }
})

/** Of the whole deployment. */
const sharedSchema = z
  .object({
    Bucket: z.string().describe('its name; the store is s3://<Bucket>'),
    JobLogs: z.string().describe('log group of all jobs'),
    Dashboard: z.string().describe('its name'),
    Alarms: z.string().describe('ARN of the topic of all alarms'),
    ScheduleGroup: z.string().describe('its name'),
    ScheduleRole: z.string().describe('ARN of the role with which schedules start executions'),
    MaxCards: z.coerce.number<string>().int().positive().describe('of each kind at once'),
    SearchSize: json.pipe(searchSizeSchema).describe('the largest search for which limits are proven'),
  })
  .readonly()

export type SharedOutputs = z.infer<typeof sharedSchema>

/** Of all that runs on one kind of card. */
export interface CardOutputs {
  /** ARN of the job queue. */
  readonly Queue: string
  /** ARN of the queue of on-demand instances alone, where there is one. */
  readonly OnDemandQueue?: string | undefined
  /** ARNs of state machines, by pipeline and by their name in its definition. */
  readonly machines: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export type Outputs = SharedOutputs & { readonly cards: Readonly<Partial<Record<Card, CardOutputs>>> }

/** `T4Queue` of a card's queue; of a state machine, card, pipeline and name in one word. */
const outputKey = (card: Card, ...names: readonly string[]): string => [card, ...names].map(pascal).join('')

/** ARNs of the machines that search, one a pipeline. */
export const searchesOf = ({ machines }: CardOutputs): readonly string[] =>
  Object.values(machines).flatMap(({ Search }) => Search ?? [])

/** ARNs of all machines of all pipelines. */
export const machinesOf = ({ machines }: CardOutputs): readonly string[] =>
  Object.values(machines).flatMap((ofPipeline) => Object.values(ofPipeline))

/** Outputs as CloudFormation takes them, text by key. */
export function writeOutputs({
  cards,
  SearchSize,
  MaxCards,
  ...shared
}: Outputs): Readonly<Record<string, string>> {
  const ofCards = Object.entries(cards).flatMap(([name, { machines, ...queues }]) => {
    const key = (...names: readonly string[]) => outputKey(name as Card, ...names)
    return [
      ...Object.entries(queues).flatMap(([queue, arn]) => (arn === undefined ? [] : [[key(queue), arn]])),
      ...Object.entries(machines).flatMap(([pipeline, ofPipeline]) =>
        Object.entries(ofPipeline).map(([machine, arn]) => [key(pipeline, machine), arn]),
      ),
    ]
  })
  return {
    ...shared,
    MaxCards: String(MaxCards),
    SearchSize: JSON.stringify(SearchSize),
    ...Object.fromEntries(ofCards),
  }
}

/** @param outputs of the stack, as CloudFormation describes them @throws ZodError where they are of another version */
export function parseOutputs(outputs: Readonly<Record<string, string>>): Outputs {
  const deployed = cardSchema.options.filter((card) => outputKey(card, 'Queue') in outputs)
  return {
    ...sharedSchema.parse(outputs),
    cards: Object.fromEntries(deployed.map((card) => [card, outputsOf(card, outputs)])),
  }
}

function outputsOf(card: Card, outputs: Readonly<Record<string, string>>): CardOutputs {
  const text = (...names: readonly string[]): string => {
    const key = outputKey(card, ...names)
    return z.string(`the stack has no output ${key}`).parse(outputs[key])
  }
  const machines = pipelines.all().map(([pipeline, { definition }]) => {
    const names = Object.keys(definition.machines)
    return [pipeline, Object.fromEntries(names.map((name) => [name, text(pipeline, name)]))] as const
  })
  return {
    Queue: text('Queue'),
    ...(outputKey(card, 'OnDemandQueue') in outputs && { OnDemandQueue: text('OnDemandQueue') }),
    machines: Object.fromEntries(machines),
  }
}
