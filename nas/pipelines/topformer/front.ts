import { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { ms } from '../../runs/latencies.ts'
import { isScored } from '../../runs/rounds.ts'
import { paretoFront } from '../../search/pareto.ts'
import { costOf, type TopformerTask } from '../../spaces/topformer/cost.ts'
import { topformerGenotypeSchema } from '../../spaces/topformer/genotype.ts'
import { limitedCost } from '../../spaces/topformer/limit.ts'
import { unit } from '../../tasks/result.ts'
import { taskOf } from './latency.ts'
import type { RoundResults } from './round.ts'
import type { TopformerRun } from './run.ts'

const pointSchema = z
  .strictObject({
    trial: hashSchema,
    genotype: topformerGenotypeSchema,
    score: unit.describe('with inherited weights'),
    parameters: z.int().positive(),
    multiplyAdds: z.int().positive(),
    flops: z.int().positive().describe("by mmcv's counter"),
    latency: ms
      .optional()
      .describe('estimated from those of parts, where latency is limited, in milliseconds'),
  })
  .readonly()
export type FrontPoint = z.infer<typeof pointSchema>

/** All networks that no other beats in score without costing more, of all that were evaluated; the cheapest first. */
export const frontSchema = z
  .strictObject({ evaluated: z.int().nonnegative(), points: z.array(pointSchema).readonly() })
  .readonly()
export type Front = z.infer<typeof frontSchema>

export function frontOf(
  record: TopformerRun,
  results: readonly RoundResults[],
  task: TopformerTask = taskOf(record),
): Front {
  const { of } = record.config.search.limit
  const each = new Map(
    results
      .flatMap(({ searches }) => searches.flat())
      .filter(isScored)
      .map((evaluated) => [evaluated.trial, evaluated]),
  )
  const rated = [...each.values()].map((evaluated) => {
    const costs = costOf(evaluated.genotype, task)
    return { ...evaluated, ...costs, cost: limitedCost(evaluated.genotype, of, task) }
  })
  const points = paretoFront(rated).map(({ cost, ...point }) => point)
  return { evaluated: each.size, points }
}
