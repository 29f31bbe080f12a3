import { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import { dpcGenotypeSchema } from '../../spaces/dpc/genotype.ts'
import { onlyClassSchema } from '../../tasks/result.ts'

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
