import { expect, test } from 'vitest'
import { CLASSIFIERS, countClassifier } from '../../../nas/nets/count.ts'

test.each([
  ['mobilenet-v2', 3_504_872, 300_774_272],
  ['resnet-50', 25_557_032, 4_089_184_256],
] as const)('%s has %i parameters and needs %i multiply-adds', (name, parameters, multiplyAdds) => {
  expect(countClassifier(CLASSIFIERS[name], [3, 224, 224])).toMatchObject({ parameters, multiplyAdds })
})

test('MobileNetV2 holds 2,189,760 weights in convolutions', () => {
  const counts = countClassifier(CLASSIFIERS['mobilenet-v2'], [3, 224, 224])
  expect(counts).toMatchObject({ convolutionWeights: 2_189_760 })
})

test('an image of other than 3 channels is refused', () => {
  expect(() => countClassifier(CLASSIFIERS['mobilenet-v2'], [320, 65, 129])).toThrow(
    expect.objectContaining({ code: 'invalid-config' }),
  )
})
