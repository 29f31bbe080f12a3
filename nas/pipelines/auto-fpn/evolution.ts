import { z } from 'zod'
import { random } from '../../random.ts'
import {
  evaluatedSchema,
  isScored,
  outcomeOf,
  proposedSchema,
  resultsBefore,
  resultsSoFar,
} from '../../runs/rounds.ts'
import { ranked } from '../../search/policy.ts'
import { createStrategy } from '../../search/strategy.ts'
import { type AutoFpnGenotype, autoFpnGenotypeSchema } from '../../spaces/auto-fpn/genotype.ts'
import type { ObjectStore } from '../../store/store.ts'
import { evolutionRoundsOf } from './config.ts'
import { autoFpnKeys } from './keys.ts'
import { type AutoFpnRun, spaceOf } from './run.ts'

/*
 * The evolutionary search that section 4.3 compares with: detectors of the same space, each trained for a few steps. Its best is a
 * baseline.
 */

/** The detectors of a round, in the order of their proposal. */
export const evolutionRoundSchema = z
  .strictObject({
    round: z.int().nonnegative(),
    candidates: z.array(proposedSchema(autoFpnGenotypeSchema)).readonly(),
    limited: z.string().optional().describe('of the first: why nothing evolves, and baselines are left out'),
  })
  .readonly()
export type EvolutionRound = z.infer<typeof evolutionRoundSchema>

const evaluated = evaluatedSchema(autoFpnGenotypeSchema)
export type EvaluatedDetector = z.infer<typeof evaluated>

/** What became of them, likewise. */
export const evolutionResultsSchema = z.strictObject({ evaluated: z.array(evaluated).readonly() }).readonly()
export type EvolutionResults = z.infer<typeof evolutionResultsSchema>

/** All detectors that rounds before one have evaluated. */
export const evaluatedBefore = async (
  store: ObjectStore,
  { run }: AutoFpnRun,
  round: number,
): Promise<readonly EvaluatedDetector[]> =>
  evaluatedIn(await resultsBefore(store, autoFpnKeys(run).evolution, evolutionResultsSchema, round))

/** The results of all rounds that have them; none where nothing evolves. */
export const evolutionSoFar = (
  store: ObjectStore,
  { run, config }: AutoFpnRun,
): Promise<readonly EvolutionResults[]> =>
  resultsSoFar(store, autoFpnKeys(run).evolution, evolutionResultsSchema, evolutionRoundsOf(config))

/** The detectors of rounds. */
export const evaluatedIn = (rounds: readonly EvolutionResults[]): readonly EvaluatedDetector[] =>
  rounds.flatMap((round) => round.evaluated)

/** What evolution has found: the best of all, of equals the oldest; undefined where none could be trained. */
export const fittest = (all: readonly EvaluatedDetector[]) => ranked(all.filter(isScored))[0]

/** The genotypes of a round. @param before all that were evaluated, oldest proposal first */
export function childrenOf(
  record: AutoFpnRun,
  before: readonly EvaluatedDetector[],
  round: number,
): readonly AutoFpnGenotype[] {
  const { baselines, seed } = record.config
  if (baselines.evolution === undefined) return []
  const { population, tournament, evaluations, perRound } = baselines.evolution
  const strategy = createStrategy({ kind: 'evolution', population, tournament }, spaceOf(record))
  return strategy.propose(
    strategy.start,
    before.map(outcomeOf),
    Math.min(perRound, evaluations - before.length),
    random(seed, 'evolution', round),
  ).candidates
}
