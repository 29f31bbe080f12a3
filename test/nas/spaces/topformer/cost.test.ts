import { expect, test } from 'vitest'
import { costOf } from '../../../../nas/spaces/topformer/cost.ts'
import { KNOWN_TOPFORMER } from '../../../../nas/spaces/topformer/known.ts'
import { TOPFORMER_SPACES } from '../../../../nas/spaces/topformer/presets.ts'
import { largest, smallest } from '../../../../nas/spaces/topformer/space.ts'

const ade20k = (side: number) => ({ size: [side, side], classes: 150 }) as const

test.each([
  [512, 1_148_937_600 + 9_420_800, 1_196_690_560],
  [448, 879_655_350 + 5_522_300, 916_216_210],
])(
  'the published small network costs what its authors say: 1.2 G FLOPs, at %i pixels',
  (side, multiplyAdds, flops) => {
    expect(costOf(KNOWN_TOPFORMER['efficient-topformer-s'], ade20k(side))).toEqual({
      parameters: 4_553_486,
      multiplyAdds,
      flops,
    })
  },
)

test('the released supernet reaches from 0.98 G to 4.39 G multiply-adds', () => {
  const space = TOPFORMER_SPACES['topformer-base']
  const [least, most] = [costOf(smallest(space), ade20k(512)), costOf(largest(space), ade20k(512))]
  expect([least.parameters, most.parameters]).toEqual([2_589_126, 15_408_430])
  expect([least.multiplyAdds / 1e9, most.multiplyAdds / 1e9].map((g) => g.toFixed(1))).toEqual(['1.0', '4.4'])
})
