import { expect, test } from 'vitest'
import { CLASSIFIERS, countClassifier } from '../../../nas/nets/count.ts'

const image = [3, 224, 224]

/** As timm's models count. */
test.each([
  ['mobilenet-v2', 3_504_872, 300_774_272],
  ['resnet-18', 11_689_512, 1_814_073_344],
  ['resnet-50', 25_557_032, 4_089_184_256],
  ['resnet-101', 44_549_160, 7_801_405_440],
  ['resnext-101', 88_791_336, 16_414_015_488],
  // 143,667,240 is what torchvision says of vgg19; its multiply-adds are the sum over Table 1 of the paper.
  ['vgg-16', 138_357_544, 15_470_264_320],
  ['vgg-19', 143_667_240, 19_632_062_464],
  ['xception-65', 39_916_312, 7_500_256_928],
] as const)('%s has %i parameters and needs %i multiply-adds', (name, parameters, multiplyAdds) => {
  expect(countClassifier(CLASSIFIERS.get(name)!, image)).toMatchObject({ parameters, multiplyAdds })
})

test('Xception-71 has the 42.34 million parameters that timm lists', () => {
  const { parameters } = countClassifier(CLASSIFIERS.get('xception-71')!, image)
  expect((parameters / 1e6).toFixed(2)).toBe('42.34')
})

test('MobileNetV2 holds 2,189,760 weights in convolutions', () => {
  const counts = countClassifier(CLASSIFIERS.get('mobilenet-v2')!, image)
  expect(counts).toMatchObject({ convolutionWeights: 2_189_760 })
})

test('an image of other than 3 channels is refused', () => {
  expect(() => countClassifier(CLASSIFIERS.get('mobilenet-v2')!, [320, 65, 129])).toThrow(
    expect.objectContaining({ code: 'invalid-config' }),
  )
})
