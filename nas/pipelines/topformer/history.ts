import { random } from '../../random.ts'
import { outcomeOf, resultsBefore as resultsOfRoundsBefore, resultsSoFar } from '../../runs/rounds.ts'
import { blockOf, type Descent, descend, sampleBlock, startDescent } from '../../search/coordinate-descent.ts'
import { createStrategy } from '../../search/strategy.ts'
import type { TopformerGenotype } from '../../spaces/topformer/genotype.ts'
import type { ObjectStore } from '../../store/store.ts'
import { roundsOf } from './config.ts'
import { topformerKeys } from './keys.ts'
import { type Evaluated, type RoundResults, roundResultsSchema } from './round.ts'
import type { TopformerRun } from './run.ts'
import type { Search } from './searches.ts'

/** The results of the half-steps before one. They are few: Algorithm 1 has ten, of many samples each. */
export const resultsBefore = (
  store: ObjectStore,
  run: string,
  round: number,
): Promise<readonly RoundResults[]> =>
  resultsOfRoundsBefore(store, topformerKeys(run), roundResultsSchema, round)

/** Of all half-steps that have results. */
export const allResults = (
  store: ObjectStore,
  { run, config }: TopformerRun,
): Promise<readonly RoundResults[]> =>
  resultsSoFar(store, topformerKeys(run), roundResultsSchema, roundsOf(config))

/** Where a search by coordinate descent stands before each half-step, and after the last. @param results of its half-steps */
export function descentsOf(
  { config }: TopformerRun,
  { index, space }: Search,
  results: readonly (readonly Evaluated[])[],
): readonly Descent<TopformerGenotype>[] {
  const descents = [startDescent(space, random(config.seed, 'descent', index))]
  for (const evaluated of results)
    descents.push(descend(descents.at(-1)!, evaluated.map(outcomeOf), config.search.keepIncumbent))
  return descents
}

/** What a search evaluates next. @param results of its half-steps so far */
export function proposalOf(
  record: TopformerRun,
  search: Search,
  results: readonly (readonly Evaluated[])[],
): readonly TopformerGenotype[] {
  const { index, strategy, space } = search
  const { samples } = record.config.search
  const rng = random(record.config.seed, 'propose', index, results.length)
  if (strategy.kind !== 'coordinate-descent') {
    const evaluated = results.flat().map(outcomeOf)
    return createStrategy(strategy, space).propose({ pending: [] }, evaluated, samples, rng).candidates
  }
  const half = blockOf(space, results.length)
  return sampleBlock(space, descentsOf(record, search, results).at(-1)!, half, samples, rng)
}
