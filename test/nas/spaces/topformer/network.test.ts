import { expect, test } from 'vitest'
import { countTopformer } from '../../../../nas/nets/topformer/count.ts'
import { random } from '../../../../nas/random.ts'
import { costOf } from '../../../../nas/spaces/topformer/cost.ts'
import { networkOf } from '../../../../nas/spaces/topformer/network.ts'
import { TOPFORMER_SPACES } from '../../../../nas/spaces/topformer/presets.ts'
import { sample } from '../../../../nas/spaces/topformer/space.ts'

test.each(['topformer-full', 'topformer-street'] as const)(
  'what networks of %s cost by arithmetic is what their graphs cost',
  (preset) => {
    for (const [seed, size] of (
      [
        [192, 320],
        [128, 256],
        [200, 137],
      ] as const
    ).entries()) {
      const genotype = sample(TOPFORMER_SPACES[preset], random(seed, preset))
      const { parameters, multiplyAdds, mmcvFlops } = countTopformer(networkOf(genotype), [3, ...size], 11)
      expect(costOf(genotype, { size, classes: 11 })).toEqual({ parameters, multiplyAdds, flops: mmcvFlops })
    }
  },
)
