import { expect, test } from 'vitest'
import { fitToImages } from '../../cli/fit-to-images.ts'
import { aConfig as denseNasConfig } from '../nas/pipelines/densenas/example.ts'
import { aConfig } from '../nas/pipelines/dpc/example.ts'

const images = (height: number, width: number) => ({ height, width, pixels: height * width })

test('what is left to the images is settled by them, the estimate as the search', () => {
  const { config, warnings } = fitToImages(aConfig(), 10, images(60, 80), 'here')
  expect(config).toMatchObject({ proxy: { crop: [65, 81] }, rerank: { crop: [65, 81] } })
  expect(warnings).toEqual([])
})

test('images for which there is no memory are refused here, and not for AWS', () => {
  const large = images(100_000, 100_000)
  expect(() => fitToImages(aConfig(), 10, large, 'here')).toThrow('100000x100000')
  expect(fitToImages(aConfig(), 10, large, 'aws').config).toMatchObject({ proxy: { crop: [129, 257] } })
})

test('a pipeline that crops all images leaves its configuration as it is', () => {
  const config = denseNasConfig()
  expect(fitToImages(config, 10, undefined, 'here')).toEqual({ config, warnings: [] })
})
