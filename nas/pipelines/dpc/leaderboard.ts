import { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { LARGEST_NUMBER } from '../../runs/keys.ts'
import { mapObjects } from '../../runs/map-objects.ts'
import { dpcGenotypeSchema } from '../../spaces/dpc/genotype.ts'
import { getJson, getSound } from '../../store/json.ts'
import type { ObjectStore } from '../../store/store.ts'
import { onlyClassSchema } from '../../tasks/result.ts'
import { dpcKeys } from './keys.ts'

const candidate = {
  /** Place in the order of proposals, from 0. */
  number: z.int().nonnegative(),
  trial: hashSchema,
  genotype: dpcGenotypeSchema,
}
const rankedSchema = z
  .strictObject({
    ...candidate,
    score: z.number().min(0).max(1),
    onlyClass: onlyClassSchema,
    parameters: z.int().positive(),
    multiplyAdds: z.int().positive(),
  })
  .readonly()
const unrankedSchema = z.strictObject({ ...candidate, reason: z.string() }).readonly()

/** A candidate that has been tried: one with a score, or one that failed. */
export const triedSchema = z.union([rankedSchema, unrankedSchema])
export type Ranked = z.infer<typeof rankedSchema>
export type Unranked = z.infer<typeof unrankedSchema>
export type Tried = z.infer<typeof triedSchema>

/** Older versions wrote the list alone. */
export const roundResultsSchema = z.preprocess(
  (raw) => (Array.isArray(raw) ? { tried: raw } : raw),
  z.strictObject({ tried: z.array(triedSchema).readonly() }).readonly(),
)

/** All candidates of the rounds before `rounds`. Equal results give equal bytes. */
export const leaderboardSchema = z
  .strictObject({
    rounds: z.int().nonnegative(),
    ranked: z.array(rankedSchema).readonly().describe('best first; equal scores by trial key'),
    failed: z.array(unrankedSchema).readonly().describe('in the order of proposals'),
  })
  .readonly()
export type Leaderboard = z.infer<typeof leaderboardSchema>

export const isRanked = (tried: Tried): tried is Ranked => 'score' in tried

export const leaderboardOf = (rounds: number, tried: readonly Tried[]): Leaderboard => ({
  rounds,
  ranked: tried.filter(isRanked).sort((a, b) => b.score - a.score || (a.trial < b.trial ? -1 : 1)),
  failed: tried.filter((each): each is Unranked => !isRanked(each)).sort((a, b) => a.number - b.number),
})

/** Everything on a leaderboard, in the order of proposals. */
export const inOrderOfProposal = ({ ranked, failed }: Leaderboard): readonly Tried[] =>
  [...ranked, ...failed].sort((a, b) => a.number - b.number)

/** Rounds that are asked for at once. */
const AT_ONCE = 32

/**
 * The leaderboard of all rounds that have results; undefined before there is one. In the course of a search it is written now and
 * then: the results of the rounds since are added. A damaged one is made again of them.
 */
export async function readLeaderboard(store: ObjectStore, run: string): Promise<Leaderboard | undefined> {
  const keys = dpcKeys(run)
  const written = await getSound(store, keys.leaderboard, leaderboardSchema)
  const rounds: (readonly Tried[])[] = []
  for (let next = written?.rounds ?? 0; next <= LARGEST_NUMBER; next += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, i) => next + i)
    const results = await mapObjects(numbers, (n) => getJson(store, keys.results(n), roundResultsSchema))
    const missing = results.indexOf(undefined)
    rounds.push(...results.slice(0, missing < 0 ? AT_ONCE : missing).map((each) => each!.tried))
    if (missing >= 0) break
  }
  if (rounds.length === 0) return written
  const before = written ?? leaderboardOf(0, [])
  return leaderboardOf(before.rounds + rounds.length, [...inOrderOfProposal(before), ...rounds.flat()])
}
