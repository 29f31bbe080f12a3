import { random } from '../nas/random.ts'
import { TOPFORMER_SPACES } from '../nas/spaces/topformer/presets.ts'
import { largest, sample, smallest } from '../nas/spaces/topformer/space.ts'

export const WARM_UP = 3

/** Sub-networks of topformer-street as JSON: the largest, the smallest, and two samples for each step. */
export function networksFor(steps: number): string {
  const space = TOPFORMER_SPACES['topformer-street']
  const rng = random(0, 'samples')
  return JSON.stringify({
    largest: largest(space),
    smallest: smallest(space),
    samples: Array.from({ length: WARM_UP + steps }, () => [sample(space, rng), sample(space, rng)]),
  })
}
