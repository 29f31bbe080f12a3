import { z } from 'zod'
import { type Card, cardSchema } from '../nas/runs/prices.ts'

/*
 * What a stack tells to whoever uses it, the one place that knows the keys: infra/stack.ts writes them, the command line
 * reads them. Nothing here needs CDK.
 */

/** Of the whole deployment. */
const shared = {
  Bucket: z.string().describe('its name; the store is s3://<Bucket>'),
  JobLogs: z.string().describe('log group of all jobs'),
  Dashboard: z.string().describe('its name'),
  Alarms: z.string().describe('ARN of the topic of all alarms'),
  ScheduleGroup: z.string().describe('its name'),
  ScheduleRole: z.string().describe('ARN of the role with which schedules start editions'),
}

/** Of what runs on one kind of card. */
const ofCard = {
  Dpc: z.string().describe('ARN of the state machine that searches for a dense prediction cell'),
  DenseNas: z.string().describe('ARN of the state machine that searches with DenseNAS'),
  Rerank: z.string().describe('ARN of the state machine that re-ranks'),
  Edition: z.string().describe('ARN of the state machine that makes a new edition of a ranking'),
  Queue: z.string().describe('ARN of the job queue'),
  OnDemandQueue: z.string().optional().describe('ARN of the queue of on-demand instances alone'),
}

const sharedSchema = z.object(shared).readonly()
const cardOutputsSchema = z.object(ofCard).readonly()
export type SharedOutputs = z.infer<typeof sharedSchema>
export type CardOutputs = z.infer<typeof cardOutputsSchema>

/** The machines that search, of all pipelines. */
export const searchesOf = ({ Dpc, DenseNas }: CardOutputs): readonly string[] => [Dpc, DenseNas]

/** The key of an output that belongs to a card, e.g. `T4Dpc`. */
export const outputKey = (card: Card, key: keyof CardOutputs): string =>
  `${card[0]!.toUpperCase()}${card.slice(1)}${key}`

export type Outputs = SharedOutputs & { readonly cards: Readonly<Partial<Record<Card, CardOutputs>>> }

/** @param outputs of the stack, as CloudFormation describes them @throws ZodError where they are of another version */
export function parseOutputs(outputs: Readonly<Record<string, string>>): Outputs {
  const cards = cardSchema.options.flatMap((card) => {
    const entries = Object.keys(ofCard).map((key) => [
      key,
      outputs[outputKey(card, key as keyof CardOutputs)],
    ])
    const parsed = cardOutputsSchema.safeParse(Object.fromEntries(entries))
    return parsed.success ? [[card, parsed.data] as const] : []
  })
  return { ...sharedSchema.parse(outputs), cards: Object.fromEntries(cards) }
}
