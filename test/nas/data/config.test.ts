import { expect, test } from 'vitest'
import { classificationConfig, datasetConfig } from '../../../nas/data/config.ts'

test('the street needs nothing but its kind', () => {
  expect(datasetConfig.parse({ kind: 'street' })).toEqual({
    kind: 'street',
    images: 400,
    validation: 100,
    height: 128,
    width: 256,
    seed: 0,
  })
})

test.each([
  { kind: 'street', path: 'somewhere' },
  { kind: 'folders', path: 'x' },
  { kind: 'folders', path: 'x', classes: 0 },
  { kind: 'folders', path: 'x', classes: 256 },
  { kind: 'folders', path: 'x', classes: 3, ignoreLabel: 256 },
  { kind: 'folders', path: 'x', classes: 3, train: { images: 'a' } },
  { kind: 'cityscapes', path: '' },
  { kind: 'voc', path: 'x', limit: { train: 0 } },
  { kind: 'coco', path: 'x' },
  { kind: 'street', images: 1_000_001 },
  { kind: 'street', validation: 2 ** 53 - 1 },
])('%j is refused', (config) => {
  expect(datasetConfig.safeParse(config).success).toBe(false)
})

test('a slash at the end of a subfolder makes no difference', () => {
  const train = { images: 'photos/', labels: 'masks//' }
  const config = datasetConfig.parse({ kind: 'folders', path: 'x', classes: 2, train })
  expect(config).toMatchObject({ train: { images: 'photos', labels: 'masks' } })
})

test('shapes need nothing but their kind', () => {
  expect(classificationConfig.parse({ kind: 'shapes' })).toEqual({
    kind: 'shapes',
    images: 4000,
    validation: 1000,
    size: 32,
    seed: 0,
  })
})

test.each([
  { kind: 'street' },
  { kind: 'shapes', size: 8 },
  { kind: 'shapes', images: 1_000_001 },
  { kind: 'shapes', validation: 2 ** 53 - 1 },
  { kind: 'shapes', path: 'x' },
  { kind: 'class-folders' },
  { kind: 'class-folders', path: 'x', validation: '' },
  { kind: 'class-folders', path: 'x', limit: { train: 0 } },
])('%j is no classification data', (config) => {
  expect(classificationConfig.safeParse(config).success).toBe(false)
})
