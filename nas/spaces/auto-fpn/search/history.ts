import { z } from 'zod'
import { softmax } from '../../../metrics/softmax.ts'
import type { ArchitectureParameters } from '../architecture-parameters.ts'

const probabilities = z.array(z.array(z.array(z.number()).readonly()).readonly()).readonly()

/** How a search went, an entry about every twentieth of its steps. */
export const searchHistorySchema = z
  .array(
    z
      .strictObject({
        step: z.int().positive(),
        loss: z.number().describe('of the weights in that step, without the resource constraint'),
        cost: z.number().describe('C(alpha, beta) of section 3.5'),
        entropy: z.number().describe('mean over the links, in nats: how undecided the search is'),
        probabilities: probabilities.describe('of each operator, by layer or cell, then by link'),
      })
      .readonly(),
  )
  .readonly()
export type SearchHistory = z.infer<typeof searchHistorySchema>

/** As it is stored: a list has no room for its checksum. */
export const storedHistorySchema = z.strictObject({ entries: searchHistorySchema }).readonly()

export function entryOf({
  parameters: { alpha, beta },
  ...entry
}: {
  readonly step: number
  readonly loss: number
  readonly cost: number
  readonly parameters: ArchitectureParameters
}): SearchHistory[number] {
  const all = [...alpha, ...beta].map((links) => links.map(softmax))
  const entropies = all
    .flat()
    .map((link) => link.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0))
  return {
    ...entry,
    entropy: rounded(entropies.reduce((sum, entropy) => sum + entropy, 0) / entropies.length),
    probabilities: all.map((links) => links.map((link) => link.map(rounded))),
  }
}

/** To four digits: enough to draw. */
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4
