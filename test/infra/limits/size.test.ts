import { describe, expect, it } from 'vitest'
import { tooLarge } from '../../../infra/limits/size.ts'
import { searchSizeSchema } from '../../../nas/runs/search-size.ts'

const proven = searchSizeSchema.parse({})

describe('a search beside the one for which limits are proven', () => {
  it('is not too large where it is the same, or smaller', () => {
    expect(tooLarge(proven, proven)).toBeUndefined()
    expect(tooLarge({ ...proven, trials: 6, concurrency: 1 }, proven)).toBeUndefined()
  })

  it('may have more candidates, where its rounds hold more, too', () => {
    expect(tooLarge({ ...proven, trials: 12_000, perRound: 192, trialsPerJob: 4 }, proven)).toBeUndefined()
  })

  it.each([
    [{ trials: 8000 }, 'rounds (trials / perRound) 125 of 63'],
    [{ perRound: 1000 }, 'jobs of a map (perRound / trialsPerJob, or contenders) 250 of 64'],
    [{ contenders: 65 }, 'jobs of a map (perRound / trialsPerJob, or contenders) 65 of 64'],
    [{ trialsPerJob: 5 }, 'trialsPerJob 5 of 4'],
    [{ concurrency: 65 }, 'concurrency 65 of 64'],
  ])('is too large with %j, and told by how much', (excess, told) => {
    const message = tooLarge({ ...proven, ...excess }, proven)
    expect(message).toContain(`: ${told};`)
    expect(message).toContain('deploy')
  })

  it('is told all that is over at once', () => {
    expect(tooLarge({ ...proven, concurrency: 65, trialsPerJob: 5 }, proven)).toContain(
      'trialsPerJob 5 of 4, concurrency 65 of 64',
    )
  })
})
