import { expect, test } from 'vitest'
import { detectionConfig } from '../../../../nas/data/detection/config.ts'
import { prefixesOfBoxes } from '../../../../nas/data/detection/prefixes.ts'

const prefixes = (config: object) => prefixesOfBoxes(detectionConfig.parse({ path: '/data', ...config }))

test.each([
  [{ kind: 'voc' }, ['ImageSets/Main/', 'JPEGImages/', 'Annotations/']],
  [
    { kind: 'coco' },
    ['train2017/', 'annotations/instances_train2017.json', 'val2017/', 'annotations/instances_val2017.json'],
  ],
  [
    {
      kind: 'coco',
      train: { images: '.', annotations: '/data/a.json' },
      test: { images: 'é', annotations: 'b' },
    },
    ['', 'a.json', 'val2017/', 'annotations/instances_val2017.json', 'é/', 'e\u0301/', 'b'],
  ],
  [{ kind: 'bdd100k' }, ['images/100k/', 'labels/']],
  [
    { kind: 'visual-genome', train: './train.txt', validation: 'val.txt' },
    ['objects.json', 'image_data.json', 'VG_100K/', 'VG_100K_2/', 'train.txt', 'val.txt'],
  ],
  [{ kind: 'visual-genome' }, ['objects.json', 'image_data.json', 'VG_100K/', 'VG_100K_2/']],
])('%j has its files below %j', (config, expected) => {
  expect(prefixes(config)).toEqual(expected)
})

test('the street has no files', () => {
  expect(prefixesOfBoxes(detectionConfig.parse({ kind: 'street' }))).toEqual([])
})

test.each([
  [{ kind: 'coco', train: { images: '../a', annotations: 'a.json' } }, 'this lies outside of `path`'],
  [{ kind: 'visual-genome', test: '../a' }, 'this lies outside of `path`'],
  [{ kind: 'visual-genome', train: 'a.txt' }, 'name a list of validation images, too'],
  [{ kind: 'visual-genome', validation: 'a.txt', test: './a.txt' }, 'these are the validation images'],
  [{ kind: 'visual-genome', validation: 1 }, 'validation'],
  [{ kind: 'voc', test: 'val' }, 'these are the validation images'],
  [{ kind: 'voc', classes: ['a', 'a'] }, 'name each class once'],
  [{ kind: 'voc', classes: [] }, 'classes'],
  [{ kind: 'folders', classes: 3 }, 'kind'],
])('%j is refused', (config, said) => {
  const { error } = detectionConfig.safeParse({ path: '/data', ...config })
  expect(JSON.stringify(error?.issues)).toContain(said)
})
