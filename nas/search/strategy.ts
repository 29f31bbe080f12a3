import { z } from 'zod'
import type { Random } from '../random.ts'
import type { Space } from '../spaces/space.ts'
import { evolutionConfigSchema, evolutionPolicy } from './evolution.ts'
import { localConfigSchema, localPolicy } from './local.ts'
import type { Policy, Result, Scored, Source } from './policy.ts'
import { randomConfigSchema, randomPolicy } from './random.ts'

export const strategyConfigSchema = z.discriminatedUnion('kind', [
  randomConfigSchema,
  localConfigSchema,
  evolutionConfigSchema,
])
export type StrategyConfig = z.output<typeof strategyConfigSchema>

/** Space keys of candidates that have been proposed and are not among the results: no result yet, or one that is not kept. */
export const strategyStateSchema = z.strictObject({ pending: z.array(z.string()).readonly() }).readonly()
export type StrategyState = z.output<typeof strategyStateSchema>

export interface Proposal<G> {
  readonly state: StrategyState
  readonly candidates: readonly G[]
}

/** A black-box search over one space. Pure: all that it remembers is in the state and the results. */
export interface Strategy<G> {
  /** The state of a search that has proposed nothing. */
  readonly start: StrategyState
  /**
   * Proposes `n` architectures, none of which the search has proposed before; fewer where the space has no more.
   *
   * @param results of candidates so far, failed ones included, in the order of their proposal: of all, or those that it keeps
   * @throws TrellisError `invalid-config` where the configuration does not fit the space.
   */
  propose(state: StrategyState, results: readonly Result<G>[], n: number, rng: Random): Proposal<G>
  /** The results that any proposal to come depends on. Joined by later ones, they are again. */
  keep<R extends Result<G>>(results: readonly R[]): readonly Scored<R>[]
}

export const createStrategy = <G>(config: StrategyConfig, space: Space<G>): Strategy<G> => ({
  start: { pending: [] },
  keep: (results) => policyOf(config).keep(results),
  propose: (state, results, n, rng) => {
    const seen = new Set(results.map(({ genotype }) => space.key(genotype)))
    const pending = state.pending.filter((key) => !seen.has(key))
    for (const key of pending) seen.add(key)
    const isNew = (genotype: G) => !seen.has(space.key(genotype))
    const next = policyOf(config).look(space, results, rng)
    const anywhere = () => space.sample(rng)
    const exhausted = new Set<Source<G>>()
    const draw = (source: Source<G>): G | undefined => {
      if (exhausted.has(source)) return undefined
      const found = first(isNew, source)
      if (found === undefined) exhausted.add(source)
      return found
    }
    const candidates: G[] = []
    while (candidates.length < n) {
      // Everything near the parents may be known while the rest of the space is still open.
      const candidate = draw(next()) ?? draw(anywhere)
      if (candidate === undefined) break
      const key = space.key(candidate)
      seen.add(key)
      pending.push(key)
      candidates.push(candidate)
    }
    return { state: { pending }, candidates }
  },
})

function policyOf(config: StrategyConfig): Policy {
  switch (config.kind) {
    case 'random':
      return randomPolicy
    case 'local':
      return localPolicy(config)
    case 'evolution':
      return evolutionPolicy(config)
  }
}

/** A source that gave this many unwanted genotypes in a row is taken to have no other. */
const PATIENCE = 1000

function first<G>(wanted: (genotype: G) => boolean, draw: Source<G>): G | undefined {
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    const genotype = draw()
    if (wanted(genotype)) return genotype
  }
  return undefined
}
