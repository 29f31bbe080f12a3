import { expect, test } from 'vitest'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { cost } from '../../../../nas/graph/cost.ts'
import { countingContext } from '../../../../nas/nets/count.ts'
import { countDetector, DETECTORS } from '../../../../nas/nets/detection/count.ts'
import { ssdHeads } from '../../../../nas/nets/detection/ssd-head.ts'

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
  for (const detector of DETECTORS.values()) {
    const { scopes } = countDetector(detector(3), [3, 75, 97])
    expect((scopes.rpn ?? scopes.head)!.parameters).toBe('rpn' in scopes ? 593_935 : HEADS_OF_THREE_CLASSES)
  }
})

/** Four classes and four edges, of 36 anchors at one place of each of 7 levels of 256 channels, with biases. */
const HEADS_OF_THREE_CLASSES = 36 * 8 * (9 * 256 + 1)

/** Table 6: 3.69 million on VOC, 12.54 million on COCO, over the channels of SSD512's levels, without a neck. */
test.each([
  [20, 3_687_300],
  [80, 12_536_820],
])('the heads of SSD512 have for %i classes the parameters that the paper says', (classes, parameters) => {
  const graph = new GraphBuilder()
  const levels = [512, 1024, 512, 256, 256, 256, 256].map((channels, i) => {
    const side = 64 / 2 ** i
    return graph.input(`level${i}`, { dtype: 'float32', shape: [1, channels, side, side] })
  })
  const { scores, deltas } = ssdHeads(countingContext(graph), levels, classes)
  expect([scores, deltas].map(({ type }) => type.shape)).toEqual([
    [1, classes + 1, 24_564],
    [1, 4, 24_564],
  ])
  expect(cost(graph.build({ scores, deltas })).parameters).toBe(parameters)
})

test('a one-stage detector has levels beyond those of its backbone, in parts of their own', () => {
  const { scopes, parameters } = countDetector(DETECTORS.get('ssd-resnet-50-fpn')!(20), [3, 512, 512])
  const count = (scope: string) => scopes[scope]!.parameters
  expect(Object.keys(scopes)).toEqual(['backbone', 'extra', 'neck', 'head'])
  expect(count('backbone')).toBe(23_508_032)
  const extra = (channels: number) => 128 * (channels + 1) + 256 * (9 * 128 + 1)
  expect(count('extra')).toBe(extra(2048) + 3 * extra(256))
  expect(count('neck')).toBe((512 + 1024 + 2048 + 4 * 256) * 256 + 7 * (256 + 590_080))
  expect(Object.keys(scopes).reduce((sum, scope) => sum + count(scope), 0)).toBe(parameters)
})

test('an image of other than 3 channels is refused', () => {
  expect(() => countDetector(DETECTORS.get('fpn-mobilenet-v2')!(3), [1, 64, 64])).toThrow(
    expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining('detector') }),
  )
})
