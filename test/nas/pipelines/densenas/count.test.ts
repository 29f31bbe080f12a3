import { expect, test } from 'vitest'
import { countDenseNas } from '../../../../nas/pipelines/densenas/count.ts'
import { KNOWN_DENSENAS } from '../../../../nas/spaces/densenas/known.ts'

test.each([
  ['densenas-v1-c', 6_720_312, 382_990_336, 4_950_784],
  ['densenas-c', 6_134_144, 360_808_256, 4_100_536],
] as const)(
  '%s has %i parameters, needs %i multiply-adds and holds %i weights in convolutions',
  (name, parameters, multiplyAdds, convolutionWeights) => {
    const counts = countDenseNas(KNOWN_DENSENAS[name], [3, 224, 224])
    expect(counts).toMatchObject({ parameters, multiplyAdds, convolutionWeights })
  },
)

test('an image of other than 3 channels is refused', () => {
  expect(() => countDenseNas(KNOWN_DENSENAS['densenas-c'], [320, 65, 129])).toThrow(
    expect.objectContaining({ code: 'invalid-config' }),
  )
})
