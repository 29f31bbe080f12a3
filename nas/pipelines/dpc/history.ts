import { z } from 'zod'
import { resultsBefore } from '../../runs/rounds.ts'
import { NOTHING_COUNTED, tallySchema } from '../../runs/tally.ts'
import { createStrategy } from '../../search/strategy.ts'
import { dpcGenotypeSchema } from '../../spaces/dpc/genotype.ts'
import { dpcSpace } from '../../spaces/dpc/space.ts'
import { getSound } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import type { DpcConfig } from './config.ts'
import { dpcKeys } from './keys.ts'
import { isRanked, roundResultsSchema, type Tried } from './leaderboard.ts'
import type { DpcRun } from './run.ts'

/**
 * What a round needs of all rounds before it, and no more: a search of tens of thousands of trials takes as long for one in its
 * last round as in its first. The results of rounds are the record, from which it can be made again.
 */
export const historySchema = z
  .strictObject({
    rounds: z.int().nonnegative(),
    known: z.array(z.string()).readonly().describe('space keys of all candidates, in the order of proposals'),
    kept: z
      .array(z.strictObject({ genotype: dpcGenotypeSchema, score: z.number() }).readonly())
      .readonly()
      .describe('the results that the strategy goes by'),
    best: z.number().nullable(),
    failure: z.string().nullable().describe('why the first that failed did so'),
    ledger: tallySchema,
  })
  .readonly()
export type History = z.infer<typeof historySchema>

const NOTHING: History = {
  rounds: 0,
  known: [],
  kept: [],
  best: null,
  failure: null,
  ledger: NOTHING_COUNTED,
}

/** After a death between two writes it is that of another round, and of a run by an earlier version there is none. */
export async function historyBefore(
  store: ObjectStore,
  { run, config }: DpcRun,
  round: number,
): Promise<History> {
  const keys = dpcKeys(run)
  const history = await getSound(store, keys.history, historySchema)
  if (history?.rounds === round) return history
  const rounds = await resultsBefore(store, keys, roundResultsSchema, round)
  return historyWith(
    NOTHING,
    round,
    rounds.flatMap(({ tried }) => tried),
    config,
  )
}

/** The history after further rounds. */
export function historyWith(
  { known, kept, best, failure, ledger }: History,
  rounds: number,
  tried: readonly Tried[],
  { space, search }: DpcConfig,
): History {
  const cells = dpcSpace(space.branches)
  const results = tried.map((each) => ({
    genotype: each.genotype,
    score: isRanked(each) ? each.score : undefined,
  }))
  const failed = tried.find((each) => !isRanked(each))
  return {
    rounds,
    known: [...known, ...tried.map(({ genotype }) => cells.key(genotype))],
    kept: createStrategy(search.strategy, cells).keep([...kept, ...results]),
    best: tried.reduce((most, each) => (isRanked(each) ? Math.max(most ?? 0, each.score) : most), best),
    failure: failure ?? (failed as { readonly reason: string } | undefined)?.reason ?? null,
    ledger,
  }
}
