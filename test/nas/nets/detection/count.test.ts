import { expect, test } from 'vitest'
import { countDetector, DETECTORS } from '../../../../nas/nets/detection/count.ts'

const image = [3, 800, 1344]
const ofResNet50 = (classes: number) => countDetector(DETECTORS.get('fpn-resnet-50')!(classes), image)

/** Tables 2, 3 and 5 of Auto-FPN (ICCV 2019): its baseline FPN, by the classes of a dataset. Totals there are up to 0.01 million off. */
test.each([
  ['COCO', 80, 14_310_805, 14.31, 41_757_156, 41.76],
  ['Pascal VOC', 20, 14_003_305, 14.0, 41_449_656, 41.44],
  ['BDD100K', 10, 13_952_055, 13.95, 41_398_406, 41.39],
  ['Visual Genome', 1000, 19_025_805, 19.03, 46_472_156, 46.47],
  ['ADE', 445, 16_181_430, 16.18, 43_627_781, 43.63],
] as const)(
  'FPN on ResNet-50 for %s (%i classes) has the published size',
  (_, classes, head, headM, total, totalM) => {
    const { parameters, scopes } = ofResNet50(classes)
    expect([scopes.head!.parameters, parameters]).toEqual([head, total])
    expect(Math.abs(head / 1e6 - headM)).toBeLessThan(0.005)
    expect(Math.abs(total / 1e6 - totalM)).toBeLessThan(0.01)
  },
)

test('its parts are the published ones: backbone without classifier, neck, and a region proposal network', () => {
  const { scopes, parameters } = ofResNet50(80)
  const count = (scope: string) => scopes[scope]!.parameters
  expect(Object.keys(scopes)).toEqual(['backbone', 'neck', 'rpn', 'head'])
  expect([count('backbone'), count('neck'), count('rpn')]).toEqual([23_508_032, 3_344_384, 593_935])
  expect(Object.keys(scopes).reduce((sum, scope) => sum + count(scope), 0)).toBe(parameters)
})

test('multiply-adds are those of convolutions over all levels, and of the head for 1000 regions', () => {
  const { scopes, multiplyAdds, regions } = ofResNet50(80)
  const pixels = [200 * 336, 100 * 168, 50 * 84, 25 * 42, 13 * 21]
  const channels = [256, 512, 1024, 2048]
  const neck = channels.reduce((sum, c, i) => sum + pixels[i]! * 256 * (c + 9 * 256), 0)
  const rpn = pixels.reduce((sum, each) => sum + each * 256 * (9 * 256 + 15), 0)
  const head = 1000 * (49 * 256 * 1024 + 1024 * 1024 + 1024 * 5 * 81)
  expect(regions).toBe(1000)
  expect([scopes.neck, scopes.rpn, scopes.head].map((counts) => counts!.multiplyAdds)).toEqual([
    neck,
    rpn,
    head,
  ])
  // 4,089,184,256 at 224 x 224 less the classifier's 2,048,000, for so many more pixels; 1344 and 800 are multiples of 32.
  expect(scopes.backbone!.multiplyAdds).toBe(((4_089_184_256 - 2_048_000) * 800 * 1344) / 224 ** 2)
  expect(multiplyAdds).toBe(scopes.backbone!.multiplyAdds + neck + rpn + head)
})

test('convolution weights leave out the biases of convolutions', () => {
  const { scopes } = ofResNet50(80)
  expect(scopes.neck!.convolutionWeights).toBe(3_344_384 - 8 * 256)
  expect(scopes.head!.convolutionWeights).toBe(0)
})

test('every backbone is that of a detector, also for images whose sides are no multiples of 32', () => {
  for (const detector of DETECTORS.values())
    expect(countDetector(detector(3), [3, 75, 97]).scopes.rpn!.parameters).toBe(593_935)
})

test('an image of other than 3 channels is refused', () => {
  expect(() => countDetector(DETECTORS.get('fpn-mobilenet-v2')!(3), [1, 64, 64])).toThrow(
    expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining('detector') }),
  )
})
