import { expect, test } from 'vitest'
import { backboneKey } from '../../../../nas/pipelines/dpc/backbone.ts'
import { withCrops } from '../../../../nas/pipelines/dpc/crops.ts'
import { featuresKey } from '../../../../nas/pipelines/dpc/features.ts'
import { aConfig, aRun } from './example.ts'

const cropsOf = ({ backbone, proxy, rerank }: ReturnType<typeof aConfig>) => [
  'pretrain' in backbone ? backbone.pretrain.crop : undefined,
  proxy.crop,
  rerank.crop,
]
const images = (height: number, width: number) => ({ height, width, pixels: height * width })

test.each([
  ['small', images(60, 80), [65, 81]],
  ['tiny', images(8, 8), [17, 17]],
  ['low and wide', images(64, 900), [65, 257]],
  ['large', images(720, 960), [129, 257]],
  ['as large as the crop', images(128, 256), [129, 257]],
  ['not known', undefined, [129, 257]],
])('crops that are not named are no larger than images that are %s', (_, extent, crop) => {
  expect(cropsOf(withCrops(aConfig(), extent))).toEqual([crop, crop, crop])
})

test('a crop that is named is kept', () => {
  const config = aConfig('proxy.crop=[97,193]', 'backbone.pretrain.crop=[33,33]')
  expect(cropsOf(withCrops(config, images(60, 80)))).toEqual([
    [33, 33],
    [97, 193],
    [65, 81],
  ])
})

test('a run has the keys that it had when its crops were written out', () => {
  const crop = '.crop=[129,257]'
  const written = aRun('a', `backbone.pretrain${crop}`, `proxy${crop}`, `rerank${crop}`)
  const left = aRun('a')
  expect(left.config.proxy.crop).toBeUndefined()
  expect(withCrops(left.config, undefined)).toEqual(written.config)
  for (const key of [backboneKey, featuresKey]) expect(key(left)).toBe(key(written))
})
