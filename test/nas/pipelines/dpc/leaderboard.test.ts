import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  inOrderOfProposal,
  leaderboardOf,
  leaderboardSchema,
  type Tried,
} from '../../../../nas/pipelines/dpc/leaderboard.ts'
import { random } from '../../../../nas/random.ts'
import { dpcSpace } from '../../../../nas/spaces/dpc/space.ts'
import { jsonBytes } from '../../../../nas/store/json.ts'

const genotype = dpcSpace(5).sample(random(0))
const someTried: fc.Arbitrary<readonly Tried[]> = fc
  .array(fc.option(fc.constantFrom(0, 0.25, 0.5, 1)), { maxLength: 20 })
  .map((scores) =>
    scores.map((score, number): Tried => {
      const candidate = { number, trial: ((number * 7) % 20).toString(16).padStart(32, '0'), genotype }
      return score === null
        ? { ...candidate, reason: 'loss is NaN' }
        : { ...candidate, score, parameters: 1, multiplyAdds: 1 }
    }),
  )

describe('a leaderboard', () => {
  it('has equal bytes whatever the order in which results came, and loses none', () => {
    fc.assert(
      fc.property(someTried, fc.integer(), (tried, seed) => {
        const leaderboard = leaderboardOf(3, tried)
        const shuffled = random(seed).shuffle(tried)
        expect(jsonBytes(leaderboardOf(3, shuffled))).toEqual(jsonBytes(leaderboard))
        expect(inOrderOfProposal(leaderboardSchema.parse(leaderboard))).toEqual(tried)
      }),
    )
  })

  it('ranks by score, then by key, and never a failed trial', () => {
    fc.assert(
      fc.property(someTried, (tried) => {
        const { ranked, failed } = leaderboardOf(1, tried)
        for (const [i, { score, trial }] of ranked.entries()) {
          const before = ranked[i - 1]
          if (before)
            expect(before.score > score || (before.score === score && before.trial < trial)).toBe(true)
        }
        expect(failed.every((each) => !('score' in each))).toBe(true)
      }),
    )
  })
})
